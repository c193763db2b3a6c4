import { existsSync } from "node:fs";
import { basename, join, posix, relative } from "node:path";
import { findComposeFiles } from "../../config/compose-files.ts";
import { applicationKeys, environmentKeys } from "../../config/proposal/keys.ts";
import { proposeStack, serverName, type Proposal } from "../../config/proposal/proposal.ts";
import { openQuestions } from "../../config/proposal/questions.ts";
import { projectText, stackText } from "../../config/proposal/text.ts";
import { openRepository } from "../../config/repository.ts";
import { readProjectFiles, readProjectKeys, stackFile } from "../../config/stack-files.ts";
import { createFiles, type NewFile } from "../../config/whole-file.ts";
import { configurationError, describeProblem, UserError, type Problem } from "../../model/problem.ts";
import { imageLockFile } from "../../model/stack/images/lock.ts";
import { runChildSync } from "../../process/child.ts";
import { childEnvironment } from "../../process/environment.ts";
import { ownPlaceholder } from "../../secrets/source/found-variable.ts";
import { checkout } from "../../toolchain/paths.ts";
import { exitCodes } from "../exit-code.ts";
import { nextSteps } from "../next-steps.ts";
import { usageError } from "../options.ts";
import { print } from "../output.ts";
import { shortStackName } from "../stack-name.ts";
import * as declared from "../declaration/project.ts";
import { command, type CallOf } from "./command.ts";

/** `slipway new`: writes the configuration of an application that has only its compose files. */
export const newStack = command(declared.newStack, writeNew);

const pulumiFile = "Pulumi.yaml";

/** The project and the stack for which files are written. */
interface NewStack {
  readonly folder: string;
  readonly stack: string;
  readonly project: string;
  /** There is no Pulumi.yaml yet. */
  readonly isNew: boolean;
  /** The keys that Pulumi.yaml has. */
  readonly given: Readonly<Record<string, string>>;
  readonly file: { readonly file: string; readonly name: string };
}

async function writeNew(call: CallOf<typeof declared.newStack>): Promise<number> {
  const compose = call.options.compose?.map((path) => posix.normalize(path));
  const { folder, environment } = call;
  const target = targetOf(folder, shortStackName(call.stack ?? "production"));
  const { stack, project, given } = target;
  ensureNothingIsReplaced(target);
  ensureRepository(folder);
  const proposal = await proposeStack({ root: folder, project, stack, environment, compose, given });
  if (!("keys" in proposal)) throw configurationError(proposal.problems);
  writeFiles(target, proposal);
  if (!("compose" in given)) {
    const { notes } = findComposeFiles(compose, openRepository(folder));
    notes.forEach((note) => print(note));
  }
  printList("what the compose files do not say:", [...blanks(proposal, target), ...openQuestions(proposal)]);
  printList("problems that a plan will refuse:", withoutImages(proposal.problems));
  (await nextSteps({ folder, stack, environment, isNew: true })).forEach((line) => print(line));
  return exitCodes.done;
}

function targetOf(folder: string, stack: string): NewStack {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/.test(stack))
    throw usageError(
      "--stack",
      `is not a stack name, got '${stack}'`,
      "use letters, digits, '_', '-' and '.'; begin with a letter, a digit or '_'",
    );
  if (!existsSync(join(folder, pulumiFile))) {
    const project = basename(folder).replace(/[^A-Za-z0-9_.-]+/g, "-") || "application";
    const name = `Pulumi.${stack}.yaml`;
    return { folder, stack, project, isNew: true, given: {}, file: { name, file: join(folder, name) } };
  }
  const files = readProjectFiles(folder);
  const { texts: given } = readProjectKeys(files);
  return { folder, stack, project: files.project, isNew: false, given, file: stackFile(files, stack) };
}

function ensureNothingIsReplaced({ file: { file, name }, stack }: NewStack): void {
  if (!existsSync(file)) return;
  const what = "exists already, and slipway overwrites no file";
  const todo = `edit it, or name a stack other than '${stack}' with --stack`;
  throw new UserError({ path: name, what, todo });
}

/** Without git nothing that services mount could be delivered, and all of it would look like data. */
function ensureRepository(folder: string): void {
  const env = childEnvironment(process.env);
  if (runChildSync(["git", "-C", folder, "rev-parse", "--git-dir"], { env }).code === 0) return;
  const what = "is not in a git repository, and slipway delivers only what git tracks";
  throw new UserError({ path: folder, what, todo: "run `git init` and `git add .` there first" });
}

function writeFiles({ folder, stack, project, isNew, given, file }: NewStack, { keys, stack: made }: Proposal): void {
  const ofApplication = Object.entries(applicationKeys(keys)).filter(([key]) => !(key in given));
  const name = serverName({ project, stack });
  const ofEnvironment = Object.entries(environmentKeys(keys, { name, value: ownPlaceholder })).filter(
    ([key]) => !(key in given),
  );
  const files: NewFile[] = [];
  if (isNew) {
    const main = posix.join(relative(folder, checkout), "index.ts");
    const text = projectText({ name: project, main, keys: Object.fromEntries(ofApplication), stack: made });
    files.push({ file: join(folder, pulumiFile), text, place: pulumiFile });
  }
  const own = Object.fromEntries(isNew ? ofEnvironment : [...ofEnvironment, ...ofApplication]);
  const text = stackText({ project, stackName: stack, keys: own, secrets: keys.secrets, stack: made });
  createFiles([...files, { file: file.file, text, place: file.name }]);
  print(`${pulumiFile}: ${isNew ? "written" : "exists already; left as it is"}`);
  print(`${file.name}: written`);
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

function printList(heading: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  print(heading);
  for (const problem of problems) print(`  ${describeProblem(problem)}`);
}
