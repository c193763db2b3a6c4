import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { Extension, type Extensions } from "@peculiar/asn1-x509";

/** Packs a structure as an X.509 extension. */
export function extension(extnID: string, value: object, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

/** Unpacks the extension of that kind, if there is one. */
export function extensionValue<Structure>(
  extensions: Extensions | undefined,
  extnID: string,
  structure: new () => Structure,
): Structure | undefined {
  const found = extensions?.find((candidate) => candidate.extnID === extnID);
  return found && AsnConvert.parse(found.extnValue, structure);
}
