/** A way to log in that a registry offers, as in `Bearer realm="https://auth.example.com/token",service="registry"`. */
export interface Challenge {
  /** In small letters. */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Parses a `WWW-Authenticate` header. Each step takes a part from the front, so a hostile header costs no more time
 * than its length.
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let rest = header;
  for (;;) {
    rest = rest.replace(/^[\s,]+/, "");
    const parameter = /^([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/.exec(rest);
    const scheme = /^[\w-]+/.exec(rest);
    const current = challenges.at(-1);
    if (parameter !== null && current !== undefined) {
      const [all, name = "", quoted, plain = ""] = parameter;
      current.parameters[name.toLowerCase()] = quoted?.replaceAll(/\\(.)/g, "$1") ?? plain;
      rest = rest.slice(all.length);
    } else if (scheme !== null) {
      challenges.push({ scheme: scheme[0].toLowerCase(), parameters: {} });
      rest = rest.slice(scheme[0].length);
    } else return challenges;
  }
}
