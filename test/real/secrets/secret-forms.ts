import { Buffer } from "node:buffer";

/** Lists the forms in which a secret may appear: as it is, encoded, escaped, quoted. */
export function secretForms(value: string): string[] {
  const hex = Buffer.from(value).toString("hex");
  const uri = encodeURIComponent(value);
  const json = JSON.stringify(value).slice(1, -1);
  const forms = [
    value,
    ...base64Forms(value),
    hex,
    hex.toUpperCase(),
    uri,
    uri.replaceAll("%20", "+"),
    json,
    JSON.stringify(json).slice(1, -1),
    value.replaceAll("'", `'\\''`),
    value.replaceAll("'", `'"'"'`),
  ];
  return [...new Set(forms)];
}

/** Within a longer text, base64 of a value has three forms, by its offset; both ends depend on the text beside it. */
function base64Forms(value: string): string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString("base64");
    return whole.slice(before === 0 ? 0 : 4);
  });
}
