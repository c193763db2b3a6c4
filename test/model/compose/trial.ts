import { composeSpecification } from "../../../config/schema/compose-specification.ts";
import type { Application, Service } from "../../../model/compose/application.ts";
import { readApplication, type ReaderResult } from "../../../model/compose/reader.ts";
import type { ComposeFolder, TrackedFile } from "../../../model/compose/folder.ts";
import type { FileLimits, ReaderInput, ServiceOptions } from "../../../model/compose/context.ts";
import { describeProblem } from "../../../model/problem.ts";

/** A file of a trial repository: its text, or another kind of entry in git. */
export type TrialFile = string | Partial<TrackedFile> | { readonly untracked: string };

/** The input of a trial beside its compose file. */
export interface Trial {
  readonly files?: Readonly<Record<string, TrialFile>>;
  /** The files that are merged over the compose file. */
  readonly more?: readonly string[];
  readonly services?: Readonly<Record<string, Partial<ServiceOptions>>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  /** The places of data folders on the server. */
  readonly folders?: Readonly<Record<string, string>>;
  readonly limits?: FileLimits;
  readonly envFiles?: ReaderInput["envFiles"];
  readonly only?: ReaderInput["only"];
  readonly profiles?: readonly string[];
  /** The stack's folder on the server. */
  readonly directory?: string;
  /** Services may lack an image, and nothing is told of logs, as most trials are about something else; not if true. */
  readonly complete?: boolean;
}

interface TrialResult {
  readonly application: Application | undefined;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  readonly wanted: ReaderResult["wanted"];
}

/** A compose file of one service with these lines, and `top` for other top-level keys. */
export function composeOf(lines: string, top = ""): string {
  return `services:\n  api:\n${lines.trim().replace(/^/gm, "    ")}\n${top === "" ? "" : `${top.trim()}\n`}`;
}

/** Reads a compose file in a folder of these files. */
export function read(compose: string, trial: Trial = {}): TrialResult {
  const files = { "compose.yaml": compose, ...trial.files };
  const unnamed: ServiceOptions = { release: false, drop: [], hasData: false, published: false };
  const settings = Object.entries(trial.services ?? {}).map(([name, service]): [string, ServiceOptions] => [
    name,
    { ...unnamed, ...service },
  ]);
  const {
    application: whole,
    problems,
    wanted,
  } = readApplication({
    schema: composeSpecification(),
    file: "compose.yaml",
    more: trial.more ?? [],
    prefix: "",
    folder: folderOf(files),
    services: Object.fromEntries(settings),
    unnamed,
    variables: trial.variables ?? {},
    secrets: trial.secrets ?? [],
    folders: trial.folders ?? {},
    limits: trial.limits ?? { limit: 256 * 1024, total: 1024 * 1024 },
    profiles: trial.profiles ?? [],
    directory: trial.directory,
    envFiles: trial.envFiles ?? {},
    only: trial.only ?? {},
  });
  const { complete = false } = trial;
  const counted = problems.filter(({ what }) => complete || !what.endsWith("has neither image nor build"));
  const notes = (whole?.notes ?? []).filter((note) => complete || !note.startsWith("the logs of "));
  return { application: whole && { ...whole, notes }, problems: counted.map(describeProblem), notes, wanted };
}

/** Reads a compose file without problems and returns one of its services. */
export function readService(name: string, compose: string, trial: Trial = {}): Service {
  const { application, problems } = read(compose, trial);
  const service = application?.services[name];
  if (service === undefined || problems.length > 0) throw new Error(`'${name}' was not read: ${problems.join("\n")}`);
  return service;
}

function folderOf(files: Readonly<Record<string, TrialFile>>): ComposeFolder {
  const below = (path: string): string[] =>
    Object.keys(files).filter((file) => path === "." || file.startsWith(`${path}/`));
  const tracked = (path: string): TrackedFile | undefined => trackedOf(path, files[path]);
  return {
    text: (path) => {
      const file = files[path];
      return typeof file === "string" ? file : undefined;
    },
    entry: (path) => {
      if (Object.hasOwn(files, path)) return { kind: "file", tracked: tracked(path) };
      const inside = below(path);
      if (inside.length === 0) return { kind: "absent" };
      return { kind: "folder", tracked: inside.flatMap((file) => tracked(file) ?? []) };
    },
  };
}

function trackedOf(path: string, file: TrialFile | undefined): TrackedFile | undefined {
  if (file === undefined || (typeof file === "object" && "untracked" in file)) return undefined;
  const bytes = new TextEncoder().encode(typeof file === "string" ? file : "");
  const whole: TrackedFile = { path, kind: "file", executable: false, size: bytes.length, content: () => bytes };
  return typeof file === "string" ? whole : { ...whole, ...file };
}
