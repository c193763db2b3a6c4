import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { isMap } from "../model/json.ts";
import { configurationError, UserError, type Problem } from "../model/problem.ts";
import { readTextFile } from "./whole-file.ts";

/** A Pulumi project, read from its files without the engine. */
export interface ProjectFiles {
  /** The folder of Pulumi.yaml. */
  readonly root: string;
  readonly project: string;
  /** Every stack that has a file, by name. */
  readonly stacks: readonly string[];
  /** The backend that Pulumi.yaml names for all stacks, if it does. */
  readonly backend: string | undefined;
}

/** A stack's configuration, read from its files. */
interface StackConfig {
  /** Texts by key without the project's name, as Pulumi would pass them on. */
  readonly texts: Readonly<Record<string, string>>;
  /** Paths whose values are encrypted. */
  readonly secure: readonly string[];
}

const projectSchema = z.looseObject({
  name: z.string(),
  config: z.record(z.string(), z.unknown()).nullish(),
  stackConfigDir: z.string().optional(),
  backend: z.looseObject({ url: z.string().optional() }).nullish(),
});
const stackSchema = z.looseObject({ config: z.record(z.string(), z.unknown()).nullish() });

/** Finds the project to which a folder belongs. */
export function readProjectFiles(folder: string): ProjectFiles {
  const root = projectRoot(folder);
  if (root === undefined)
    throw configurationError({
      path: folder,
      what: "there is no Pulumi.yaml here or above",
      todo: "name the project's folder with -C, or make one with `slipway new`",
    });
  const { name, stackConfigDir = ".", backend } = projectFile(root);
  return { root, project: name, stacks: stackNames(join(root, stackConfigDir)), backend: backend?.url };
}

/** The nearest folder with a Pulumi.yaml, from a folder upwards. */
export function projectRoot(folder: string): string | undefined {
  if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : projectRoot(above);
}

function stackNames(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []).sort();
}

/**
 * Reads a stack's keys: its own, and the project's defaults for all others. A key replaces the default as a whole;
 * nothing is merged.
 */
export function readStackFiles(files: ProjectFiles, stack: string): StackConfig {
  requireStackFile(files, stack);
  const { file, name } = stackFile(files, stack);
  return configOf(files, parseFile(file, name, stackSchema).config ?? {});
}

/** Requires a stack's file: without one, its name is probably mistyped. */
export function requireStackFile(files: ProjectFiles, stack: string): void {
  const { file, name } = stackFile(files, stack);
  if (existsSync(file)) return;
  const { stacks } = files;
  const make = `make the file with \`slipway new --stack ${stack}\``;
  const todo = stacks.length === 0 ? make : `use one of ${stacks.join(", ")}, or ${make}`;
  throw configurationError({ path: "--stack", what: `has no file ${name}, got '${stack}'`, todo });
}

/** Reads the keys of a stack that is not asked for; undefined if its file has problems. */
export function readOtherStack(files: ProjectFiles, stack: string): StackConfig | undefined {
  try {
    return readStackFiles(files, stack);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Reads the keys that a project sets for all its stacks. */
export function readProjectKeys(files: ProjectFiles): StackConfig {
  return configOf(files, {});
}

/** The file of a stack, which need not exist. */
export function stackFile({ root }: ProjectFiles, stack: string): { readonly file: string; readonly name: string } {
  const { stackConfigDir = "." } = projectFile(root);
  const name = `Pulumi.${stack}.yaml`;
  return { file: join(root, stackConfigDir, name), name };
}

function projectFile(root: string): z.output<typeof projectSchema> {
  return parseFile(join(root, "Pulumi.yaml"), "Pulumi.yaml", projectSchema);
}

function configOf({ root, project }: ProjectFiles, own: Readonly<Record<string, unknown>>): StackConfig {
  const { config } = projectFile(root);
  const said = [...Object.entries(config ?? {}).map(defaultOf), ...Object.entries(own)];
  const keys = new Map(said.flatMap(([key, value]) => ownKey(project, key, value)));
  const secure: string[] = [];
  const texts = Array.from(keys, ([key, value]): [string, string | undefined] => [key, textOf(key, value, secure)]);
  return {
    texts: Object.fromEntries(texts.flatMap(([key, text]) => (text === undefined ? [] : [[key, text]]))),
    secure,
  };
}

/** A project's default for a key, which is either the value itself, or the type with a default. */
function defaultOf([key, said]: [string, unknown]): [string, unknown] {
  if (!isMap(said)) return [key, said];
  if ("value" in said) return [key, said["value"]];
  return [key, said["default"]];
}

/**
 * A key without the project's name; none if it belongs to another namespace. In Pulumi.yaml the name may be left out.
 */
function ownKey(project: string, key: string, value: unknown): [string, unknown][] {
  if (value === undefined || value === null) return [];
  const [, namespace, name] = /^([^:]+):(.*)$/.exec(key) ?? [];
  if (namespace === undefined || name === undefined) return [[key, value]];
  return namespace === project ? [[name, value]] : [];
}

/** A value as Pulumi passes it on: texts as they are, everything else as JSON; undefined if all of it is encrypted. */
function textOf(key: string, value: unknown, secure: string[]): string | undefined {
  const plain = withoutSecure(key, value, secure);
  if (plain === undefined) return undefined;
  return typeof plain === "string" ? plain : JSON.stringify(plain);
}

function withoutSecure(path: string, value: unknown, secure: string[]): unknown {
  if (isMap(value)) {
    if (Object.keys(value).length === 1 && typeof value["secure"] === "string") {
      secure.push(path);
      return undefined;
    }
    const fields = Object.entries(value).map(([key, below]) => [key, withoutSecure(`${path}.${key}`, below, secure)]);
    return Object.fromEntries(fields.filter(([, below]) => below !== undefined));
  }
  if (!Array.isArray(value)) return value;
  return value.map((below: unknown, index) => withoutSecure(`${path}.${index}`, below, secure) ?? null);
}

function parseFile<T>(file: string, name: string, schema: z.ZodType<T>): T {
  const document = parseDocument(readTextFile(file, name) ?? "");
  const [first] = document.errors;
  // After a first syntax error the parser reports others that follow from it; a repeated key causes none.
  const errors = document.errors.filter((error) => error === first || error.code === "DUPLICATE_KEY");
  const problems = errors.map(({ linePos, code, message }): Problem => {
    const twice = code === "DUPLICATE_KEY";
    const what = twice ? "repeats an earlier key" : `is not YAML: ${message.split(/ at line|\n/)[0] ?? ""}`;
    return { path: `${name}:${linePos?.[0].line ?? 1}`, what, todo: twice ? "keep one of them" : "correct it" };
  });
  if (problems.length > 0) throw configurationError(problems);
  const parsed = schema.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  throw configurationError(
    parsed.error.issues.map((issue) => ({
      path: issue.path.length === 0 ? name : `${name}: ${issue.path.join(".")}`,
      what: formFault(issue),
      todo: "see Pulumi's documentation of project and stack files",
    })),
  );
}

/** Why Pulumi does not take a value. */
function formFault({ code, message, ...issue }: z.core.$ZodIssue): string {
  if (code !== "invalid_type") return `is not valid for Pulumi: ${message}`;
  if (message.endsWith("received undefined")) return "is missing";
  return `is not a ${"expected" in issue && issue.expected === "string" ? "text" : "map"}`;
}
