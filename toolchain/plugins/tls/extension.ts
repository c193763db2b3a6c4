import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { Extension, type Extensions } from "@peculiar/asn1-x509";

/** Makes an X.509 extension from an ASN.1 structure. */
export function extension(extnID: string, value: object, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

/** Reads the extension with an identifier, if there is one. */
export function extensionValue<Structure>(
  extensions: Extensions | undefined,
  extnID: string,
  structure: new () => Structure,
): Structure | undefined {
  const found = extensions?.find((candidate) => candidate.extnID === extnID);
  return found && AsnConvert.parse(found.extnValue, structure);
}
