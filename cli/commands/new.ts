import { existsSync } from "node:fs";
import { basename, isAbsolute, join, posix, relative } from "node:path";
import { findComposeFiles, usualNames } from "../../config/compose-files.ts";
import { applicationKeys, environmentKeys } from "../../config/proposal/keys.ts";
import { portsOfNeighbours } from "../../config/proposal/neighbours.ts";
import { proposeStack, serverName, type Proposal } from "../../config/proposal/proposal.ts";
import { openQuestions } from "../../config/proposal/questions.ts";
import { projectText, stackText } from "../../config/proposal/text.ts";
import { isRepository, openRepository } from "../../config/repository.ts";
import {
  projectRoot,
  readProjectFiles,
  readOtherStack,
  readProjectKeys,
  stackFile,
  type ProjectFiles,
} from "../../config/stack-files.ts";
import { createFiles, type NewFile } from "../../config/whole-file.ts";
import { configurationError, describeProblem, inOrder, UserError, type Problem } from "../../model/problem.ts";
import { imageLockFile } from "../../model/stack/images/lock.ts";
import { ownPlaceholder } from "../../secrets/source/found-variable.ts";
import { checkout } from "../../toolchain/paths.ts";
import { exitCodes } from "../exit-code.ts";
import { nextSteps, stepLines } from "../next-steps.ts";
import { usageError } from "../options.ts";
import { print } from "../output.ts";
import { runsOurProgram } from "../own-program.ts";
import { shortStackName } from "../stack/stack-name.ts";
import * as declared from "../declaration/project.ts";
import { command, type Answer, type CallOf } from "./command.ts";

/** `slipway new`: writes the configuration of an application that has only its compose files. */
export const newStack = command(declared.newStack, writeNew);

const pulumiFile = "Pulumi.yaml";

/** The project and the stack for which files are written. */
interface NewStack {
  readonly folder: string;
  readonly stack: string;
  readonly project: string;
  /** The compose files that the command line names. */
  readonly compose: readonly string[] | undefined;
  /** The project that is there; undefined if there is no Pulumi.yaml yet. */
  readonly files: ProjectFiles | undefined;
  /** The keys that Pulumi.yaml has, and the command line does not decide. */
  readonly given: Readonly<Record<string, string>>;
  readonly file: { readonly file: string; readonly name: string };
}

async function writeNew(call: CallOf<typeof declared.newStack>): Promise<Answer> {
  const { folder, environment } = call;
  const target = targetOf(call);
  const { stack, project, compose, given } = target;
  ensureNothingIsReplaced(target);
  ensureComposeFile(target);
  ensureRepository(folder);
  const taken = target.files === undefined ? [] : await portsOfNeighbours(target.files, given["host"], environment);
  const proposal = await proposeStack({ root: folder, project, stack, environment, compose, given, taken });
  if (!("keys" in proposal)) throw configurationError(proposal.problems);
  const written = writeFiles(target, proposal);
  const notes = "compose" in given ? [] : findComposeFiles(compose, openRepository(folder)).notes;
  const open = [...projectQuestions(target), ...blanks(proposal, target), ...openQuestions(proposal)];
  const problems = inOrder(withoutImages(proposal.problems));
  const next = await nextSteps({ folder, stack, environment, isNew: true });
  const lines = [
    ...(target.files === undefined ? [] : [`${pulumiFile}: exists already; left as it is`]),
    ...written.map((name) => `${name}: written`),
    ...notes,
    ...listed("what the compose files do not say:", open),
    ...listed("problems that a plan will refuse:", problems),
    ...stepLines(next),
  ];
  const json = { stack, written, notes, open, problems, next };
  return { exitCode: exitCodes.done, json, show: () => lines.forEach((line) => print(line)) };
}

function targetOf({ folder, stack: named, options }: CallOf<typeof declared.newStack>): NewStack {
  const stack = shortStackName(named ?? "production");
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/.test(stack))
    throw usageError(
      "--stack",
      `is not a stack name, got '${stack}'`,
      "use letters, digits, '_', '-' and '.'; begin with a letter, a digit or '_'",
    );
  const compose = options.compose?.map((path) => posix.normalize(isAbsolute(path) ? relative(folder, path) : path));
  if (!existsSync(join(folder, pulumiFile))) {
    const project = basename(folder).replace(/[^A-Za-z0-9_.-]+/g, "-") || "application";
    const name = `Pulumi.${stack}.yaml`;
    return { folder, stack, project, compose, files: undefined, given: {}, file: { name, file: join(folder, name) } };
  }
  const files = readProjectFiles(folder);
  const keys = Object.entries(readProjectKeys(files).texts);
  const given = Object.fromEntries(keys.filter(([key]) => key !== "compose" || compose === undefined));
  return { folder, stack, project: files.project, compose, files, given, file: stackFile(files, stack) };
}

function ensureNothingIsReplaced({ file: { file, name }, stack }: NewStack): void {
  if (!existsSync(file)) return;
  const what = "exists already, and slipway overwrites no file";
  const todo = `edit it, or name a stack other than '${stack}' with --stack`;
  throw new UserError({ path: name, what, todo });
}

/** Without git nothing that services mount could be delivered, and all of it would look like data. */
function ensureRepository(folder: string): void {
  if (isRepository(folder)) return;
  const what = "is not in a git repository, and slipway delivers only what git tracks";
  throw new UserError({ path: folder, what, todo: "run `git init` and `git add .` there first" });
}

/** Requires a compose file beside Pulumi.yaml, or that one is named. */
function ensureComposeFile({ folder, compose, given }: NewStack): void {
  if ("compose" in given || findComposeFiles(compose, openRepository(folder)).problems.length === 0) return;
  const above = projectRoot(folder);
  const todo = above === undefined || above === folder ? "" : `, or in ${above}, where the project's Pulumi.yaml is`;
  throw new UserError({
    path: folder,
    what: `has none of ${usualNames.join(", ")}`,
    todo: `run it in the folder that has the compose file${todo}, or name the file with --compose`,
  });
}

/** Writes the files that the stack lacks, and returns their names. */
function writeFiles(target: NewStack, { keys, stack: made }: Proposal): readonly string[] {
  const { folder, stack, project, files, given, file } = target;
  const ofApplication = Object.entries(applicationKeys(keys)).filter(([key]) => !(key in given));
  const name = serverName({ project, stack });
  const ofEnvironment = Object.entries(environmentKeys(keys, { name, value: ownPlaceholder })).filter(
    ([key]) => !(key in given),
  );
  const isNew = files === undefined;
  const own = Object.fromEntries(isNew ? ofEnvironment : [...ofEnvironment, ...ofApplication]);
  const text = stackText({ project, stackName: stack, keys: own, secrets: keys.secrets, stack: made });
  const ofStack: NewFile = { file: file.file, text, place: file.name };
  if (!isNew) {
    createFiles([ofStack]);
    return [file.name];
  }
  const keysOfProject = Object.fromEntries(ofApplication);
  const ofProject = projectText({ name: project, main: mainFrom(folder), keys: keysOfProject, stack: made });
  createFiles([{ file: join(folder, pulumiFile), text: ofProject, place: pulumiFile }, ofStack]);
  return [pulumiFile, file.name];
}

/** What of a project that is there may not fit the new stack. */
function projectQuestions({ folder, stack, files, file }: NewStack): Problem[] {
  if (files === undefined) return [];
  const program = {
    path: pulumiFile,
    what: "does not run this slipway's program in the usual way",
    todo: `write main: ${mainFrom(folder)}, and runtime: { name: nodejs, options: { typescript: false } }`,
  };
  const own = keysOf(files, stack);
  const others = files.stacks.filter((name) => name !== stack);
  return [
    ...(runsOurProgram(folder) ? [] : [program]),
    ...others.flatMap((name) => {
      const keys = keysOf(files, name).filter((key) => !own.includes(key));
      const what = `does not have ${keys.join(", ")}, which Pulumi.${name}.yaml has`;
      return keys.length === 0 ? [] : [{ path: file.name, what, todo: "copy what this stack needs as well" }];
    }),
  ];
}

/** The keys of a stack that another one may need as well; none where its file cannot be read. */
function keysOf(files: ProjectFiles, stack: string): readonly string[] {
  return Object.keys(readOtherStack(files, stack)?.texts ?? {}).filter((key) => key !== "secrets");
}

/** The path from a project to slipway's program. */
function mainFrom(folder: string): string {
  return posix.join(relative(folder, checkout), "index.ts");
}

/** The places that somebody has to fill in. */
function blanks({ keys }: Proposal, { file, given }: NewStack): Problem[] {
  const host =
    "host" in given || "hosts" in given
      ? []
      : [{ path: "host", what: "is not known", todo: "write the server's address, user and host key" }];
  const variables = keys.variables.map((name) => ({
    path: `variables.${name}`,
    what: `has no value, got '${ownPlaceholder}'`,
    todo: `write it into ${file.name}`,
  }));
  const secrets = keys.secrets.map((name) => ({
    path: `secrets.${name}`,
    what: "has no value",
    todo: "set it as shown below",
  }));
  return [...host, ...variables, ...secrets];
}

/** Images that have no digest yet are told with what comes next. */
function withoutImages(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ path }) => path !== imageLockFile && path !== "release.images");
}

function listed(heading: string, problems: readonly Problem[]): readonly string[] {
  return problems.length === 0 ? [] : [heading, ...problems.map((problem) => `  ${describeProblem(problem)}`)];
}
