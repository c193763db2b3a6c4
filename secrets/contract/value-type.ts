/** A type of values, as the contract names it. */
export type ValueType = "url" | "port" | "email" | "integer" | "base64" | "domain" | "absolute path";

/** All types, in the words of the contract. */
export const valueTypes: readonly ValueType[] = [
  "url",
  "port",
  "email",
  "integer",
  "base64",
  "domain",
  "absolute path",
];

/** A fault of a value, and its correction. The value is in neither. */
export interface ValueFault {
  readonly what: string;
  readonly todo: string;
}

const domainForm = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

const checks: Readonly<Record<ValueType, (value: string) => boolean>> = {
  url: isUrl,
  port: (value) => /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65_535,
  email: (value) =>
    /^(mailto:)?[^\s@,<>]+@[^\s@,<>]+$/.test(value) && domainForm.test(value.slice(value.lastIndexOf("@") + 1)),
  integer: (value) => /^-?(0|[1-9]\d*)$/.test(value) && Number.isSafeInteger(Number(value)),
  base64: isBase64,
  domain: (value) => domainForm.test(value),
  "absolute path": (value) => /^\/[^\0\n\r]*$/.test(value) && !value.split("/").includes(".."),
};

const names: Readonly<Record<ValueType, string>> = {
  url: "a url",
  port: "a port",
  email: "an email address",
  integer: "an integer",
  base64: "base64",
  domain: "a domain",
  "absolute path": "an absolute path",
};

const right: Readonly<Record<ValueType, string>> = {
  url: "write scheme, host and path, such as https://app.example.com, without spaces",
  port: "use 1 to 65535, without leading zeros",
  email: "write one address, such as name@example.com",
  integer: "write digits only",
  base64: "encode it again: `base64 -w0`",
  domain: "write it without scheme, port and path, such as staging.example.com",
  "absolute path": "begin with '/', without '..'",
};

/** The fault of a value by its type; undefined if it has none. */
export function typeFault(type: ValueType, value: string): ValueFault | undefined {
  if (checks[type](value)) return undefined;
  const spaced = value !== value.trim() && checks[type](value.trim());
  const what = spaced ? "begins or ends with white space" : `is not ${names[type]}`;
  return { what, todo: spaced ? "remove the white space" : right[type] };
}

/** The size that `min` limits: the number itself, decoded bytes, or characters. */
export function measure(type: ValueType | undefined, value: string): { readonly size: number; readonly unit: string } {
  if (type === "integer" || type === "port") return { size: Number(value), unit: "" };
  if (type === "base64") return { size: Buffer.from(value, "base64").length, unit: " bytes" };
  return { size: Array.from(value).length, unit: " characters" };
}

function isUrl(value: string): boolean {
  if (/[\s\0-\x1f]/.test(value) || !/^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(value)) return false;
  return URL.canParse(value);
}

function isBase64(value: string): boolean {
  const padded = value.replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Buffer.from(padded, "base64");
  return bytes.length > 0 && bytes.toString("base64").replace(/=+$/, "") === padded.replace(/=+$/, "");
}
