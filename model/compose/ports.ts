import type { ServicePort } from "./application.ts";
import type { NormalEntry } from "./normal-service.ts";
import { resolveText, type ReaderContext } from "./context.ts";
import { mentionsOf, parseTemplate } from "./template.ts";
import { isMap, textOf } from "../json.ts";

/** The ports that a service publishes. The host ports in the compose file do not count: the stack decides them. */
export function readPorts(context: ReaderContext, entries: readonly NormalEntry[]): ServicePort[] {
  return entries.flatMap((entry) => {
    const { target, published, protocol } = partsOf(entry);
    const resolved = resolveText(context, `${target}/${protocol}`, entry.place, "ports");
    const [, number = "", name] = /^(\d+)\/(tcp|udp)$/.exec(resolved ?? "") ?? [];
    if (name !== "tcp" && name !== "udp") {
      if (resolved !== undefined) context.problems.push(unsupportedPort(entry, resolved));
      return [];
    }
    return [{ target: Number(number), protocol: name, variable: variableOf(published) }];
  });
}

function unsupportedPort(entry: NormalEntry, resolved: string) {
  const what = `ports cannot be deployed like this, got '${textOf(entry.value) ?? resolved}'`;
  return { path: entry.place, what, todo: "publish one port for each entry, such as '${API_HOST_PORT:-8080}:8080'" };
}

/** Splits `[[address:]published:]target[/protocol]`; a colon inside of `${…}` belongs to the variable. */
function partsOf({ value }: NormalEntry): { target: string; published: string; protocol: string } {
  if (isMap(value)) {
    return {
      target: textOf(value["target"]) ?? "",
      published: textOf(value["published"]) ?? "",
      protocol: textOf(value["protocol"]) ?? "tcp",
    };
  }
  const [, whole = "", protocol = "tcp"] = /^(.*?)(?:\/([a-z]+))?$/s.exec(textOf(value) ?? "") ?? [];
  const parts = splitOutside(whole);
  return { target: parts.at(-1) ?? "", published: parts.at(-2) ?? "", protocol };
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

function variableOf(published: string): string | undefined {
  const [only, ...more] = parseTemplate(published) ?? [];
  return more.length === 0 && only !== undefined && typeof only !== "string" ? mentionsOf([only])[0]?.name : undefined;
}
