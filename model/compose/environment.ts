import type { NormalService } from "./normal-service.ts";
import type { EnvFile, Service } from "./application.ts";
import { brokenTemplate, knownText, secretMark, type ReaderContext } from "./context.ts";
import { mentionsOf, parseTemplate } from "./template.ts";
import { textsBelow } from "./value.ts";
import { contentOf } from "./env/env-files.ts";
import { mapOf, textOf, type JsonMap } from "../json.ts";

/**
 * The service's variable PGDATA. Where the data of a database lies must be known before it starts, so a variable stands
 * for its value if that is known and no secret.
 */
export function readPgdata(
  context: ReaderContext,
  { fields, envFiles }: { readonly fields: JsonMap; readonly envFiles: readonly EnvFile[] },
): Pick<Service, "pgdata"> {
  const environment = mapOf(fields["environment"]);
  const { PGDATA: written } = environment;
  // A name without a value has that of the stack's variable.
  if (written !== undefined) return { pgdata: { value: knownText(context, textOf(written) ?? "${PGDATA}") } };
  const [last] = envFiles.flatMap((file) => valueIn(context, file)).reverse();
  return last === undefined ? {} : { pgdata: last };
}

function valueIn(context: ReaderContext, file: EnvFile): { readonly value: string | undefined }[] {
  if (file.from === "repository") {
    const { PGDATA: value } = file.values;
    return value === undefined ? [] : [{ value: value.includes(secretMark) ? undefined : value }];
  }
  const said = contentOf(context, file.path);
  const variable = said === undefined ? "PGDATA" : said["PGDATA"];
  return variable !== undefined && isSet(context, variable) ? [{ value: knownText(context, `\${${variable}}`) }] : [];
}

/**
 * Every variable that Compose on the server fills in. One that is not set and has no default is a problem; one that the
 * environment only lists may be missing, as under Compose, and is told.
 */
export function readVariables(
  context: ReaderContext,
  { name, service, fields }: { readonly name: string; readonly service: NormalService; readonly fields: JsonMap },
): string[] {
  const environment = Object.entries(mapOf(fields["environment"]));
  const passed = environment.filter(([, value]) => value === null).map(([variable]) => variable);
  for (const variable of passed.filter((one) => !isSet(context, one)))
    context.notes.push(`${name}: environment lists ${variable}, which has no value; the container does not get it`);
  const mentions = textsBelow(fields).flatMap(({ keys, text }) => mentionsAt(context, service, { keys, text }));
  return [...passed, ...mentions];
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
    context.wanted.push({ kind: "variable", name });
  }
  return mentions.map(({ name }) => name);
}

function isSet(context: ReaderContext, name: string): boolean {
  return context.variables[name] !== undefined || context.secrets.includes(name);
}
