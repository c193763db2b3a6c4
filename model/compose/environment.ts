import type { NormalService } from "./normal-service.ts";
import { brokenTemplate, type ReaderContext } from "./context.ts";
import { mentionsOf, parseTemplate } from "./template.ts";
import { textsBelow } from "./value.ts";
import { listOf, mapOf, textOf, type JsonMap } from "../json.ts";

/** The only env file that slipway delivers, beside the compose file. */
const envFile = ".env";

/** Tells a service that gets the whole env file, and refuses every other `env_file`. */
export function readEnvFiles(context: ReaderContext, name: string, service: NormalService): boolean {
  const files = listOf(service.fields["env_file"]).map(mapOf);
  for (const { path, required } of files) {
    const file = textOf(path) ?? "";
    if (file === envFile) continue;
    if (required === false || required === "false") {
      context.notes.push(`${name}: the optional env_file '${file}' is not delivered`);
      continue;
    }
    const what = `service '${name}' has an env_file that is not delivered, got '${file}'`;
    context.problems.push({ path: service.place("env_file"), what, todo: `use '${envFile}', which slipway writes` });
  }
  return files.some(({ path }) => path === envFile);
}

/** Every variable that Compose on the server fills in. One that is not set and has no default is a problem. */
export function readVariables(context: ReaderContext, service: NormalService, fields: JsonMap): string[] {
  const passed = Object.entries(mapOf(fields["environment"])).filter(([, value]) => value === null);
  const mentions = textsBelow(fields).flatMap(({ keys, text }) => mentionsAt(context, service, { keys, text }));
  return [...new Set([...passed.map(([name]) => name), ...mentions])].sort();
}

function mentionsAt(
  context: ReaderContext,
  service: NormalService,
  { keys, text }: { keys: readonly string[]; text: string },
): string[] {
  const template = parseTemplate(text);
  const field = keys.join(".");
  if (template === undefined) {
    context.problems.push(brokenTemplate(service.place(...keys), field, text));
    return [];
  }
  const mentions = mentionsOf(template);
  const unset = mentions.filter(({ name, needed }) => needed && !isSet(context, name)).map(({ name }) => name);
  for (const name of new Set(unset)) {
    const what = `${field} needs the variable ${name}, which is not set`;
    context.problems.push({
      path: service.place(...keys),
      what,
      todo: `set variables.${name} or secrets.${name}, or write a default`,
    });
  }
  return mentions.map(({ name }) => name);
}

function isSet(context: ReaderContext, name: string): boolean {
  return context.variables[name] !== undefined || context.secrets.includes(name);
}
