import { Buffer } from "node:buffer";
import type { Plan } from "../plan/plan.ts";
import { hasRelease, type Stack } from "../stack/stack.ts";
import { serverFiles, shownColour, type ServerFile } from "./server-files.ts";

/** The files of a stack's servers as slipway shows them: no file of them holds a value of a secret. */
export interface ShownFiles {
  /** By path below a folder: every text that slipway writes, and the lists of the rest. */
  readonly files: ReadonlyMap<string, string>;
  /** The same for a terminal, in lines. */
  readonly lines: readonly string[];
}

/** Shows the files of each server; `unknown` are paths of the configuration whose values are not known here. */
export function showServerFiles({ stack, hosts }: Plan, unknown: readonly string[]): ShownFiles {
  const shown = Object.entries(hosts).map(([name, plan]) => {
    const files = serverFiles(plan).map((file) => ({ ...file, path: file.path.slice(stack.directory.length + 1) }));
    const variables = variableLines(stack, plan.host.name);
    return { name, files, variables, texts: textsOf(name, files, variables) };
  });
  const heads = [
    `${stack.name}: the files of ${stack.directory} on its servers${colourOf(stack)}`,
    ...(unknown.length === 0 ? [] : [`not known here: ${[...unknown].sort().join(", ")}`]),
  ];
  const lines = shown.flatMap(({ name, files, variables }) => [
    ...files.flatMap((file) => ["", `=== ${name}: ${titleOf(file)}`, ...bodyLines(file)]),
    "",
    `=== ${name}: names of the variables that each service uses`,
    ...variables,
  ]);
  return { files: new Map(shown.flatMap(({ texts }) => texts)), lines: [...heads, ...lines] };
}

/** Which of its two colours a release is shown in. */
function colourOf(stack: Stack): string {
  return hasRelease(stack) ? `; the release is shown in ${shownColour}` : "";
}

function textsOf(host: string, files: readonly ServerFile[], variables: readonly string[]): [string, string][] {
  const written = files.filter(isWritten).map((file): [string, string] => [`${host}/${file.path}`, textOf(file)]);
  const list = [...files].map(titleOf).sort();
  return [...written, [`${host}/files.txt`, joined(list)], [`${host}/variables.txt`, joined(variables)]];
}

/** A file's place and origin. */
function titleOf(file: ServerFile): string {
  return `${file.path} (${originOf(file)}, mode ${file.mode})`;
}

function originOf({ kind, part, content }: ServerFile): string {
  switch (kind) {
    case "compose":
      return `${part}, compose file`;
    case "rendered":
      return `${part}, written by slipway`;
    case "delivered":
      return `${part}, from the repository, ${content.length} bytes`;
    case "secret":
      return `${part}, values that only a run brings`;
  }
}

function isWritten({ kind }: ServerFile): boolean {
  return kind === "compose" || kind === "rendered";
}

function bodyLines(file: ServerFile): readonly string[] {
  return isWritten(file) ? [textOf(file).trimEnd()] : [];
}

function textOf({ content }: ServerFile): string {
  return Buffer.from(content).toString("utf8");
}

/** One line for each service that uses variables, with the names that are not set apart. */
function variableLines({ services, variables, hosts }: Stack, host: string): string[] {
  const here = new Set(hosts[host]?.services.map(({ name }) => name));
  return services
    .filter(({ name, variables: used }) => here.has(name) && used.length > 0)
    .map(({ name, variables: used }) => {
      const [set, unset] = [true, false].map((isSet) => used.filter((one) => one in variables === isSet).join(", "));
      const parts = [...(set ? [set] : []), ...(unset ? [`not set: ${unset}`] : [])];
      return `${name}: ${parts.join("; ")}`;
    });
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
