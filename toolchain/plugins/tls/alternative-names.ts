import { isIP } from "node:net";
import {
  GeneralName,
  SubjectAlternativeName,
  id_ce_subjectAltName,
  type Extension,
  type Extensions,
} from "@peculiar/asn1-x509";
import { z } from "zod";
import { extension, extensionValue } from "./extension.ts";

/** The inputs for the alternative names of a certificate. */
export const alternativeNameInputs = {
  dnsNames: z.array(z.string()).exactOptional(),
  ipAddresses: z.array(z.string().min(1)).exactOptional(),
  uris: z.array(z.string().min(1)).exactOptional(),
};

/** The names of a certificate in addition to its subject. */
export interface AlternativeNames {
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly uris?: readonly string[];
}

/** The extension for the names, if there are any; it must be critical if the subject is empty. */
export function alternativeNamesExtension(names: AlternativeNames, critical: boolean): Extension[] {
  const { dnsNames = [], ipAddresses = [], uris = [] } = names;
  const invalid = ipAddresses.find((address) => isIP(address) === 0);
  if (invalid !== undefined) throw new Error(`Invalid IP address: Failed to parse ${JSON.stringify(invalid)}`);
  const general = [
    ...dnsNames.map((dNSName) => new GeneralName({ dNSName })),
    ...ipAddresses.map((iPAddress) => new GeneralName({ iPAddress })),
    ...uris.map((uniformResourceIdentifier) => new GeneralName({ uniformResourceIdentifier })),
  ];
  if (general.length === 0) return [];
  return [extension(id_ce_subjectAltName, new SubjectAlternativeName(general), critical)];
}

/** Reads the names from the extensions of a request. */
export function alternativeNamesOf(extensions: Extensions): AlternativeNames {
  const found = extensionValue(extensions, id_ce_subjectAltName, SubjectAlternativeName);
  const names = found === undefined ? [] : [...found];
  return {
    dnsNames: names.flatMap(({ dNSName }) => dNSName ?? []),
    ipAddresses: names.flatMap(({ iPAddress }) => iPAddress ?? []),
    uris: names.flatMap(({ uniformResourceIdentifier }) => uniformResourceIdentifier ?? []),
  };
}
