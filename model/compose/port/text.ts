import { isMap, textOf, type Json } from "../../json.ts";
import { beforePort } from "../../server-port.ts";

/** One entry of `ports`, part by part; a part that is not written is empty. */
export interface PortText {
  readonly address: string;
  readonly published: string;
  readonly target: string;
  readonly protocol: string;
}

/** Splits `[[address:]published:]target[/protocol]`; a colon inside of `${…}` belongs to the variable. */
export function portText(value: Json): PortText {
  if (isMap(value)) {
    return {
      address: textOf(value["host_ip"]) ?? "",
      published: textOf(value["published"]) ?? "",
      target: textOf(value["target"]) ?? "",
      protocol: textOf(value["protocol"]) ?? "",
    };
  }
  const [, whole = "", protocol = ""] = /^(.*?)(?:\/([a-z]+))?$/s.exec(textOf(value) ?? "") ?? [];
  const parts = splitOutside(whole);
  const address = parts
    .slice(0, -2)
    .join(":")
    .replace(/^\[(.*)\]$/s, "$1");
  return { address, published: parts.at(-2) ?? "", target: parts.at(-1) ?? "", protocol };
}

/** An entry in the short form. */
export function shortForm({ address, published, target, protocol }: PortText): string {
  const host = address === "" ? published : `${beforePort(address)}:${published}`;
  return `${host === "" ? "" : `${host}:`}${target}${protocol === "" ? "" : `/${protocol}`}`;
}

/** The key of an entry: of those with the same one, Compose keeps the last one. */
export function portKey(value: Json): string {
  const { address, protocol, ...port } = portText(value);
  return shortForm({
    ...port,
    address: address === "" ? "0.0.0.0" : address,
    protocol: protocol === "" ? "tcp" : protocol,
  });
}

function splitOutside(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const letter of text) {
    if (letter === "{" || letter === "[") depth += 1;
    if (letter === "}" || letter === "]") depth -= 1;
    if (letter === ":" && depth === 0) parts.push("");
    else parts.push((parts.pop() ?? "") + letter);
  }
  return parts;
}
