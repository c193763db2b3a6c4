import type { NormalService } from "./normal-service.ts";
import { brokenTemplate, type Reading } from "./reading.ts";
import { mentionsOf, parseTemplate } from "./template.ts";
import { textsBelow } from "./value.ts";
import { listOf, mapOf, textOf, type JsonMap } from "../json.ts";

/** The one env file of a stack, beside its compose file. */
const envFile = ".env";

/** Whether a service gets the whole env file; every other one is refused, since only this one is delivered. */
export function readEnvFiles(reading: Reading, name: string, service: NormalService): boolean {
  const files = listOf(service.fields["env_file"]).map(mapOf);
  for (const { path, required } of files) {
    const file = textOf(path) ?? "";
    if (file === envFile) continue;
    if (required === false || required === "false") {
      reading.notes.push(`${name}: the optional env_file '${file}' is not delivered`);
      continue;
    }
    const what = `service '${name}' has an env_file that is not delivered, got '${file}'`;
    reading.problems.push({ path: service.place("env_file"), what, todo: `use '${envFile}', which slipway writes` });
  }
  return files.some(({ path }) => path === envFile);
}

/** Every variable that the fields mention and that the server's own Compose fills in; those that nobody sets are problems. */
export function readVariables(reading: Reading, service: NormalService, fields: JsonMap): string[] {
  const passed = Object.entries(mapOf(fields["environment"])).filter(([, value]) => value === null);
  const mentions = textsBelow(fields).flatMap(({ keys, text }) => mentionsAt(reading, service, { keys, text }));
  return [...new Set([...passed.map(([name]) => name), ...mentions])].sort();
}

function mentionsAt(
  reading: Reading,
  service: NormalService,
  { keys, text }: { keys: readonly string[]; text: string },
): string[] {
  const template = parseTemplate(text);
  const field = keys.join(".");
  if (template === undefined) {
    reading.problems.push(brokenTemplate(service.place(...keys), field, text));
    return [];
  }
  const mentions = mentionsOf(template);
  const unset = mentions.filter(({ name, needed }) => needed && !isSet(reading, name)).map(({ name }) => name);
  for (const name of new Set(unset)) {
    const what = `${field} needs the variable ${name}, which nobody sets`;
    reading.problems.push({
      path: service.place(...keys),
      what,
      todo: `set variables.${name} or secrets.${name}, or write a default`,
    });
  }
  return mentions.map(({ name }) => name);
}

function isSet(reading: Reading, name: string): boolean {
  return reading.variables[name] !== undefined || reading.secrets.includes(name);
}
