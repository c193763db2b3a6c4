import { readOffline } from "../../config/offline.ts";
import { readProjectFiles, readStackFiles, type ProjectFiles } from "../../config/stack-files.ts";
import type { ReadStack } from "../../config/assemble.ts";
import { distinctProblems, inOrder, UserError, type Problem } from "../../model/problem.ts";
import { missing, type Finding } from "../finding.ts";

/** One stack of a project, as far as its files can be read. */
export interface StackOfProject {
  readonly name: string;
  readonly read: ReadStack | undefined;
  readonly problems: readonly Problem[];
  /** The stack's file has the key with which fingerprints are made. */
  readonly hasFingerprintKey: boolean;
}

/** The findings on a project, and its stacks for further checks. */
interface Project {
  readonly findings: readonly Finding[];
  /** Undefined if there is no project that can be read. */
  readonly files: ProjectFiles | undefined;
  readonly stacks: readonly StackOfProject[];
}

/** Checks the files of a project with all its stacks, as plans from files alone do. */
export async function checkProject(folder: string, environment: NodeJS.ProcessEnv): Promise<Project> {
  const { found: files, problems } = await readOrProblems(() => Promise.resolve(readProjectFiles(folder)));
  if (files === undefined) return { findings: problems.map(missing), files, stacks: [] };
  const stacks: StackOfProject[] = [];
  for (const name of files.stacks) stacks.push(await readStackOf(files, name, environment));
  const own: Finding = { state: "ok", thing: "Pulumi.yaml", said: `project ${files.project}` };
  const none = { path: "stacks", what: "the project has none", todo: "make one with `slipway init --stack <name>`" };
  const shared = sharedProblems(stacks);
  const ofStacks = stacks.length === 0 ? [missing(none)] : stacks.flatMap((stack) => stackFindings(stack, shared));
  return { findings: [own, ...shared.map(missing), ...ofStacks], files, stacks };
}

async function readStackOf(files: ProjectFiles, name: string, environment: NodeJS.ProcessEnv): Promise<StackOfProject> {
  const { found: read, problems } = await readOrProblems(() => {
    return readOffline({ folder: files.root, stack: name, environment });
  });
  const { found: config } = await readOrProblems(() => Promise.resolve(readStackFiles(files, name)));
  const hasFingerprintKey = config?.secure.includes("fingerprintKey") === true;
  return { name, read, problems: [...problems, ...(read?.problems ?? [])], hasFingerprintKey };
}

/** The findings on one stack, without the problems that several share. */
function stackFindings(stack: StackOfProject, shared: readonly Problem[]): readonly Finding[] {
  const { name, read, problems, hasFingerprintKey } = stack;
  const thing = `stack ${name}`;
  const said = new Set(shared.map(keyOf));
  const own = inOrder(problems).filter((problem) => !said.has(keyOf(problem)));
  const files: Finding = { state: "ok", thing, said: "its configuration, compose files and images can be deployed" };
  const found = [
    ...(problems.length === 0 ? [files] : own.map((one) => missing({ ...one, path: `${thing}: ${one.path}` }))),
  ];
  if (read === undefined) return found;
  const key: Finding = {
    ...{ state: "missing", thing: `${thing}: fingerprintKey`, said: "is not there" },
    todo: `run \`slipway init --stack ${name}\``,
  };
  return [
    ...found,
    ...(hasFingerprintKey ? [] : [key]),
    ...variablesFindings(thing, read),
    ...read.unset.filter(({ path }) => path !== "fingerprintKey").map((problem) => unsetFinding(thing, problem)),
  ];
}

function variablesFindings(thing: string, { variables: { source } }: ReadStack): readonly Finding[] {
  const place = `${thing}: variables`;
  const count = source.variables.length;
  if (count === 0) return [];
  if (source.values === "known") return [{ state: "ok", thing: place, said: `${count} of ${source.name}` }];
  const give = source.kind === "file" ? "give its age key in SOPS_AGE_KEY_FILE" : "set them here";
  const todo = `${give}, or let a job that has it check: \`slipway env check\``;
  return [{ state: "unknown", thing: place, said: `the values of ${source.name} are not known here`, todo }];
}

/** A value that a variable of the environment names, which may be set elsewhere. */
function unsetFinding(thing: string, { path, what, todo }: Problem): Finding {
  return { state: "unknown", thing: `${thing}: ${path}`, said: what, todo };
}

/** Problems of files that several stacks have in common, which are said once. */
function sharedProblems(stacks: readonly StackOfProject[]): readonly Problem[] {
  const all = stacks.map(({ problems }) => new Set(problems.map(keyOf)));
  return distinctProblems(stacks.flatMap(({ problems }) => problems)).filter((problem) => {
    return all.filter((keys) => keys.has(keyOf(problem))).length > 1;
  });
}

function keyOf(problem: Problem): string {
  return JSON.stringify(problem);
}

async function readOrProblems<Found>(
  read: () => Promise<Found>,
): Promise<{ readonly found: Found | undefined; readonly problems: readonly Problem[] }> {
  try {
    return { found: await read(), problems: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { found: undefined, problems: error.problems };
  }
}
