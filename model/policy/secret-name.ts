/** Tells a variable whose name suggests a secret value (F107). */
export function isSecretName(name: string): boolean {
  return (
    /(SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY$|(^|_)(PW|PWD)$)/i.test(name) &&
    !/PUBLI[CS]|_(LIMIT|TIMEOUT|EXPIRY|EXPIRATION|EXPIRES_IN|ENABLED|ALGORITHM)$/i.test(name)
  );
}
