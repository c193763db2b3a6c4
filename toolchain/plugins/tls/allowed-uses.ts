import {
  ExtendedKeyUsage,
  KeyUsage,
  KeyUsageFlags,
  anyExtendedKeyUsage,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_kp_OCSPSigning,
  id_kp_clientAuth,
  id_kp_codeSigning,
  id_kp_emailProtection,
  id_kp_serverAuth,
  id_kp_timeStamping,
  type Extension,
} from "@peculiar/asn1-x509";
import { z } from "zod";
import { extension } from "./extension.ts";

// The uses that are flags of the key usage extension.
const keyUsages = new Map([
  ["digital_signature", KeyUsageFlags.digitalSignature],
  ["content_commitment", KeyUsageFlags.nonRepudiation],
  ["key_encipherment", KeyUsageFlags.keyEncipherment],
  ["data_encipherment", KeyUsageFlags.dataEncipherment],
  ["key_agreement", KeyUsageFlags.keyAgreement],
  ["cert_signing", KeyUsageFlags.keyCertSign],
  ["crl_signing", KeyUsageFlags.cRLSign],
  ["encipher_only", KeyUsageFlags.encipherOnly],
  ["decipher_only", KeyUsageFlags.decipherOnly],
]);

// The uses that are object identifiers of the extended key usage extension.
const extendedKeyUsages = new Map([
  ["any_extended", anyExtendedKeyUsage],
  ["server_auth", id_kp_serverAuth],
  ["client_auth", id_kp_clientAuth],
  ["code_signing", id_kp_codeSigning],
  ["email_protection", id_kp_emailProtection],
  ["ipsec_end_system", "1.3.6.1.5.5.7.3.5"],
  ["ipsec_tunnel", "1.3.6.1.5.5.7.3.6"],
  ["ipsec_user", "1.3.6.1.5.5.7.3.7"],
  ["timestamping", id_kp_timeStamping],
  ["ocsp_signing", id_kp_OCSPSigning],
  ["microsoft_server_gated_crypto", "1.3.6.1.4.1.311.10.3.3"],
  ["netscape_server_gated_crypto", "2.16.840.1.113730.4.1"],
  ["microsoft_commercial_code_signing", "1.3.6.1.4.1.311.2.1.22"],
  ["microsoft_kernel_code_signing", "1.3.6.1.4.1.311.61.1.1"],
]);

/** The allowed uses of a certificate, with the official provider's names. */
export const allowedUsesSchema = z.array(z.enum([...keyUsages.keys(), ...extendedKeyUsages.keys()]));

/** The X.509 extensions for the allowed uses. */
export function allowedUsesExtensions(allowedUses: readonly string[]): Extension[] {
  const flags = allowedUses.flatMap((use) => keyUsages.get(use) ?? []);
  const purposes = allowedUses.flatMap((use) => extendedKeyUsages.get(use) ?? []);
  const usage = new KeyUsage(flags.reduce((all, flag) => all | flag, 0));
  return [
    ...(flags.length > 0 ? [extension(id_ce_keyUsage, usage, true)] : []),
    ...(purposes.length > 0 ? [extension(id_ce_extKeyUsage, new ExtendedKeyUsage(purposes))] : []),
  ];
}
