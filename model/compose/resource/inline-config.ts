import type { FileMount } from "../application.ts";
import { brokenTemplate, type ReaderContext } from "../context.ts";
import type { Resource } from "../project/definitions.ts";
import { fillTemplate, mentionsOf, parseTemplate } from "../template.ts";
import { isMap, mapOf, textOf, type Json } from "../../json.ts";

/** The folder on the server for configs whose content is in the compose file or in a variable. */
const configsFolder = "slipway-configs";

/** A config that a service asks for. */
interface ConfigGrant {
  /** The name among the top-level configs of the compose file. */
  readonly name: string;
  readonly resource: Resource;
  /** The entry of the service: a name or a map. */
  readonly entry: Json;
  readonly target: string;
}

/** Tells a config that is no file. */
export function isInline({ value }: Resource): boolean {
  return value["content"] !== undefined || value["environment"] !== undefined;
}

/** The mount of a config that is no file. Reports a problem and returns undefined if it cannot be delivered. */
export function readInlineConfig(context: ReaderContext, grant: ConfigGrant): FileMount | undefined {
  const { name, resource, entry, target } = grant;
  if (context.folder.entry(configsFolder).kind !== "absent") {
    const what = `configs.${name} would lie in '${configsFolder}' on the server, which the repository has as well`;
    context.problems.push({ path: resource.place, what, todo: "call that folder something else" });
    return undefined;
  }
  if (/^\.+$/.test(name)) {
    const what = `configs.${name} is a file on the server, and no file can have this name`;
    context.problems.push({ path: resource.place, what, todo: "call the config something else" });
    return undefined;
  }
  const text = contentOf(context, name, resource);
  if (text === undefined) return undefined;
  const path = `${configsFolder}/${name}`;
  const content = new TextEncoder().encode(text);
  return {
    type: "file",
    source: path,
    target,
    readOnly: true,
    files: [{ path, content, executable: isExecutable(entry) }],
  };
}

function isExecutable(entry: Json): boolean {
  const mode = isMap(entry) ? entry["mode"] : undefined;
  const bits = typeof mode === "number" ? mode : parseInt(textOf(mode) ?? "", 8);
  return (bits & 0o111) > 0;
}

function contentOf(context: ReaderContext, name: string, { value, place }: Resource): string | undefined {
  const variable = textOf(value["environment"]);
  const written = variable === undefined ? (textOf(mapOf(value)["content"]) ?? "") : `\${${variable}}`;
  const template = parseTemplate(written);
  if (template === undefined) {
    context.problems.push(brokenTemplate(place, `configs.${name}`, written));
    return undefined;
  }
  const secret = mentionsOf(template).find((mention) => context.secrets.includes(mention.name));
  if (secret !== undefined) {
    const what = `configs.${name} has the variable ${secret.name}, which is secret, and anybody may read a config`;
    const todo = "put the whole text into a variable of `secrets`, and mount it by a secret with `environment`";
    context.problems.push({ path: place, what, todo });
    return undefined;
  }
  const filled = fillTemplate(template, (variable) => context.variables[variable]);
  if ("text" in filled) return filled.text;
  const todo = `set variables.${filled.name}${variable === undefined ? ", or write a default" : ""}`;
  context.problems.push({ path: place, what: `configs.${name} ${filled.reason}`, todo });
  return undefined;
}
