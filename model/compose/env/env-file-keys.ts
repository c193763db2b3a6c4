import { posix } from "node:path";
import { guess } from "../../guess.ts";
import type { Service, StackEnvFile } from "../application.ts";
import type { ReaderContext } from "../context.ts";
import { projectEnvFile } from "./env-files.ts";

/**
 * Requires that it is known what stands in each env file that git does not have. One such file has the stack's
 * variables; of several, the others have keys that tell which ones. Also requires that each key is about such a file.
 */
export function checkEnvFiles(context: ReaderContext, services: readonly Service[]): void {
  const files = services.flatMap(({ envFiles }) => envFiles.filter((file) => file.from === "stack"));
  const byPath = new Map(files.map((file) => [file.path, file]));
  const keys = Object.keys(context.envFiles);
  const untold = [...byPath.values()].filter(({ path }) => !keys.includes(path));
  const project = posix.normalize(`${context.prefix}${projectEnvFile}`);
  if (untold.length === 1) noteWritten(context, services, untold[0]?.path ?? "");
  if (untold.length > 1) {
    const told = untold.filter(({ path }) => path !== project);
    for (const file of told) context.problems.push(untoldProblem(file, untold));
  }
  for (const path of keys.filter((path) => !byPath.has(path))) {
    const named = services.flatMap(({ envFiles }) => envFiles.map((file) => file.path));
    const what = `is not an env_file of a deployed service, got '${path}'`;
    context.problems.push({ path: `env.files.${path}`, what, todo: guess(path, [...new Set(named)]) });
  }
}

/** Tells what stands in the only env file that git lacks, unless that is the one which Compose reads by itself. */
function noteWritten(context: ReaderContext, services: readonly Service[], path: string): void {
  if (posix.basename(path) === projectEnvFile) return;
  const has = "has the stack's variables that env.files gives to no other file";
  for (const { name } of services.filter(({ envFiles }) => envFiles.some((file) => file.path === path)))
    context.notes.push(`${name}: '${path}' is not in git, so it ${has}`);
}

function untoldProblem(
  { path, place }: StackEnvFile,
  all: readonly StackEnvFile[],
): { path: string; what: string; todo: string } {
  const others = all.filter((file) => file.path !== path).map((file) => `'${file.path}'`);
  const missing = `'${path}' nor ${others.join(" nor ")}`;
  const what = `git has neither ${missing}, so it is not known which variables stand in which`;
  const todo =
    `name those of this file in env.files: \`files: { "${path}": [NAME, OTHER_NAME] }\`, or give it the path of an ` +
    "encrypted env file of its own; no other file has them then";
  return { path: place, what, todo };
}
