import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { guess } from "../../model/guess.ts";
import { UserError } from "../../model/problem.ts";
import { checkout } from "../../toolchain/paths.ts";
import { readCommandLine } from "../command-line.ts";
import type { Declaration } from "../declaration/declaration.ts";
import { declarations, type CommandName } from "../declaration/declarations.ts";
import { adviceFor, commandHelp, familyHelp, overview } from "../help.ts";
import { exitCodeOf } from "../exit-code.ts";
import { usageError } from "../options.ts";
import { print, printError, printJsonError } from "../output.ts";
import { keyVariable, observeKeyVariable } from "../ssh/private-key.ts";
import { wantsJson, type Command } from "./command.ts";

/**
 * Loads each command when it is needed: to load all takes longer than most commands need to start, and help and
 * completion need none of them.
 */
const loads: Readonly<Record<CommandName, () => Promise<Command>>> = {
  up: async () => (await import("./operation.ts")).up,
  preview: async () => (await import("./operation.ts")).preview,
  refresh: async () => (await import("./operation.ts")).refresh,
  destroy: async () => (await import("./operation.ts")).destroy,
  plan: async () => (await import("./plan.ts")).plan,
  render: async () => (await import("./render.ts")).render,
  lock: async () => (await import("./lock.ts")).lock,
  release: async () => (await import("./release.ts")).release,
  drift: async () => (await import("./drift.ts")).drift,
  logs: async () => (await import("./services/logs.ts")).logs,
  exec: async () => (await import("./services/command.ts")).exec,
  run: async () => (await import("./services/command.ts")).run,
  clean: async () => (await import("./services/clean.ts")).clean,
  status: async () => (await import("./operate/status.ts")).status,
  releases: async () => (await import("./operate/releases.ts")).releases,
  rollback: async () => (await import("./operate/rollback.ts")).rollback,
  "switch-back": async () => (await import("./operate/switch-back.ts")).switchBack,
  resume: async () => (await import("./operate/resume.ts")).resume,
  new: async () => (await import("./new.ts")).newStack,
  init: async () => (await import("./init.ts")).init,
  adopt: async () => (await import("./adopt.ts")).adopt,
  doctor: async () => (await import("./doctor.ts")).doctor,
  completion: async () => (await import("./completion.ts")).completion,
  "env check": async () => (await import("./env-check.ts")).envCheck,
  "env init": async () => (await import("./env-init.ts")).envInit,
  "env from-ci": async () => (await import("./env-from-ci.ts")).envFromCi,
  "migrate check": async () => (await import("./migrate-check.ts")).migrateCheck,
  "host prepare": async () => (await import("./host-prepare.ts")).hostPrepare,
  "host check": async () => (await import("./host-check.ts")).hostCheck,
  "gitlab preview": async () => (await import("../gitlab/preview.ts")).gitlabPreview,
  "gitlab note": async () => (await import("../gitlab/note.ts")).gitlabNote,
  "gitlab deploy": async () => (await import("../gitlab/deploy.ts")).gitlabDeploy,
};

/** Loads all commands, in the order of the help. */
export function allCommands(): Promise<readonly Command[]> {
  return Promise.all(declarations.map(({ name }) => loads[name]()));
}

/** Runs the command of a command line, prints why it failed if it did, and returns its exit code. */
export async function runToEnd(line: readonly string[]): Promise<number> {
  try {
    return await runSlipway(line);
  } catch (thrown) {
    const error = diskError(thrown) ?? thrown;
    if (wantsJson(line)) printJsonError(error);
    else printError(error);
    return exitCodeOf(error);
  }
}

/** Codes of a machine that refuses a file; they are no defect of slipway. */
const diskCodes = [
  ...["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "EIO", "EMFILE", "ENFILE"],
  ...["ELOOP", "ENAMETOOLONG", "ENOTDIR"],
];

/** The error of a file that the machine refuses; undefined for any other. */
function diskError(thrown: unknown): UserError | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown) || !("path" in thrown)) return undefined;
  const { code, path, message } = thrown;
  // Only the folder of temporary files is somebody else's.
  const isTemporary = "syscall" in thrown && thrown.syscall === "mkdtemp";
  if (typeof code !== "string" || !(isTemporary || diskCodes.includes(code))) return undefined;
  const what = `cannot be used: ${message.replace(/, \w+ '.*$/, "")}`;
  return new UserError({ path: String(path), what, todo: "see that this user may use it, and that the disk has room" });
}

/** Runs the command of a command line, and returns its exit code. */
export async function runSlipway(line: readonly string[], show: typeof print = print): Promise<number> {
  const { folder, stack, stacks, help, words } = readCommandLine(line);
  const [first] = words;
  if (first === "--version" || first === "version") show(`slipway ${ownVersion()}`);
  else if (first === undefined || help || first === "help") helpLines(words).forEach((one) => show(one));
  else {
    const { name, rest } = find(words);
    ensureFolder(folder);
    const environment = { ...process.env };
    // Only the agents get the keys. No child that is started from here on may inherit one.
    for (const key of [keyVariable, observeKeyVariable]) Reflect.deleteProperty(process.env, key);
    // Schemas are tuned before any is made. Names of commands and options are completed without one.
    if (name !== "completion") await import("../../model/interpreted-schemas.ts");
    const command = await loads[name]();
    return await command.run({ folder, stack, stacks, words: rest, environment });
  }
  return 0;
}

function helpLines(given: readonly string[]): ReturnType<typeof overview> {
  const words = given.filter((word) => word !== "help" && !word.startsWith("-"));
  const [first] = words;
  if (first === undefined) return overview(declarations);
  const family = familyOf(first);
  return words.length === 1 && family.length > 0 ? familyHelp(family) : commandHelp(find(words).declaration);
}

function ensureFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw usageError("--cwd", `is not a folder, got '${folder}'`, "correct the path");
}

interface Found {
  readonly name: CommandName;
  readonly declaration: Declaration;
  readonly rest: readonly string[];
}

/** The command with which the words begin, and the rest of the words. */
function find(words: readonly string[]): Found {
  for (const count of [1, 2]) {
    const asked = words.slice(0, count).join(" ");
    const declaration = declarations.find(({ name }) => name === asked);
    if (declaration !== undefined) return { name: declaration.name, declaration, rest: words.slice(count) };
  }
  throw unknownCommand(words);
}

function familyOf(word: string): readonly Declaration[] {
  return declarations.filter(({ name }) => name.startsWith(`${word} `));
}

function unknownCommand(words: readonly string[]): UserError {
  const [first = ""] = words;
  const family = familyOf(first).map(({ name }) => name);
  const asked = family.length > 0 ? words.slice(0, 2).join(" ") : first;
  const names = declarations.map(({ name }) => name);
  const todo = family.length > 0 ? guess(asked, family) : adviceFor(words, names);
  return usageError("slipway", `there is no such command, got '${asked}'`, todo);
}

function ownVersion(): string {
  const text: unknown = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
  return typeof text === "object" && text !== null && "version" in text ? String(text.version) : "";
}
