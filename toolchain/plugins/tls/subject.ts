import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from "@peculiar/asn1-x509";
import { z } from "zod";

/** The `subject` input of a certificate or request. */
export const subjectSchema = z.strictObject({
  commonName: z.string().exactOptional(),
  country: z.string().exactOptional(),
  emailAddress: z.string().exactOptional(),
  locality: z.string().exactOptional(),
  organization: z.string().exactOptional(),
  organizationalUnit: z.string().exactOptional(),
  postalCode: z.string().exactOptional(),
  province: z.string().exactOptional(),
  serialNumber: z.string().exactOptional(),
  streetAddresses: z.array(z.string()).exactOptional(),
});

type Subject = z.infer<typeof subjectSchema>;

// In Go's order.
const attributes = [
  ["country", "2.5.4.6"],
  ["organization", "2.5.4.10"],
  ["organizationalUnit", "2.5.4.11"],
  ["locality", "2.5.4.7"],
  ["province", "2.5.4.8"],
  ["streetAddresses", "2.5.4.9"],
  ["postalCode", "2.5.4.17"],
  ["commonName", "2.5.4.3"],
  ["serialNumber", "2.5.4.5"],
] as const;
const emailAddress = "1.2.840.113549.1.9.1";

/** The distinguished name of a subject. */
export function subjectName(subject: Subject = {}): Name {
  const names = attributes.map(([field, type]) => distinguishedName(type, [subject[field] ?? []].flat()));
  const email = distinguishedName(emailAddress, [subject.emailAddress ?? []].flat());
  return new Name([...names, email].filter((name) => name.length > 0));
}

/**
 * The subject of a certificate that is signed for a request: the known attributes in Go's order. As with the official
 * provider, an e-mail address is lost.
 */
export function subjectOfRequest(requested: Name): Name {
  const given = requested.flatMap((name) => [...name]);
  const names = attributes.map(([, type]) => {
    const values = given.filter((attribute) => attribute.type === type).map(({ value }) => value.toString());
    return distinguishedName(type, values);
  });
  return new Name(names.filter((name) => name.length > 0));
}

/** The part of a name with one attribute type; it may have several values. */
function distinguishedName(type: string, values: readonly string[]): RelativeDistinguishedName {
  return new RelativeDistinguishedName(
    values.map((value) => new AttributeTypeAndValue({ type, value: attributeValue(type, value) })),
  );
}

/** An attribute's value in the string type that Go chooses. */
function attributeValue(type: string, value: string): AttributeValue {
  if (type === emailAddress) return new AttributeValue({ ia5String: value });
  const isPrintable = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value);
  return new AttributeValue(isPrintable ? { printableString: value } : { utf8String: value });
}
