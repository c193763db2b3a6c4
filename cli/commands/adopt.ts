import { setStackKeys, type KeyChange } from "../../config/stack-file-keys.ts";
import {
  adoptableProjects,
  ensureNothingAdopted,
  ensureProjectCanBeAdopted,
  type HandMade,
} from "../../model/facts/hand-made/hand-made.ts";
import { handMadePorts, type HandMadePort } from "../../model/facts/hand-made/hand-made-ports.ts";
import type { Observation } from "../../model/facts/observation.ts";
import { adoptedPlaces, foldersWithPlaces, type AdoptedPlaces } from "../../config/adopted-places.ts";
import type { Stack } from "../../model/stack/stack.ts";
import { describeProblem, UserError } from "../../model/problem.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import { observeHandMade, readAdoptingStack, type AdoptingStack } from "../stack/adopting-stack.ts";
import * as declared from "../declaration/adopt.ts";
import { exitCodes } from "../exit-code.ts";
import { usageError } from "../options.ts";
import { stepLines } from "../next-steps.ts";
import { log, print } from "../output.ts";
import { stackName } from "../pulumi.ts";
import { openStackKeys } from "../ssh/stack-keys.ts";
import { command, type Answer, type CallOf } from "./command.ts";

/** `slipway adopt`: takes over what runs by a hand-made `docker compose up`, or goes back to it. */
export const adopt = command(declared.adopt, runAdopt);

type AdoptCall = CallOf<typeof declared.adopt>;

async function runAdopt(call: AdoptCall): Promise<Answer | number> {
  const { undo, done } = modeOf(call);
  const keys = await openStackKeys(call);
  try {
    await ensureTools(deployTools, log);
    const equipped = { ...call, environment: toolEnvironment(keys.environment) };
    const stack = await stackName(equipped);
    const adopting = await readAdoptingStack(call.folder, stack, call.environment);
    const observation = await observeHandMade(adopting, equipped.environment);
    if (undo) return await goBack({ ...call, stack }, adopting, observation);
    return done ? giveUp(adopting, observation) : writeAdoption(adopting, observation, call.options.project);
  } finally {
    await keys.close();
  }
}

/** What the options ask for. */
export function modeOf({ options }: Pick<AdoptCall, "options">): { readonly undo: boolean; readonly done: boolean } {
  const { undo = false, done = false, project, yes = false } = options;
  const protectedName = options["destroy-protected"];
  if (undo && done) throw usageError("--done", "is the opposite of --undo", "give one of them");
  if (project !== undefined && (undo || done))
    throw usageError("--project", "is for the first adoption alone", "leave it out");
  if (!undo && (yes || protectedName !== undefined))
    throw usageError(yes ? "--yes" : "--destroy-protected", "is for --undo", "leave it out");
  return { undo, done };
}

function writeAdoption(adopting: AdoptingStack, observation: Observation, asked: string | undefined): Answer {
  const { project, stack, host, file } = adopting;
  const adopted = ensureNothingAdopted(observation);
  if (adopted.length > 0) throw new UserError(adopted);
  const found = projectOf(adopting, observation, asked);
  const wanted = { stack: stack.name, projects: host.projects, project: found.project, done: false };
  const refused = ensureProjectCanBeAdopted(wanted, observation);
  if (refused.length > 0) throw new UserError(refused);
  const places = adoptedPlaces(host, found);
  const changes = changesFor(adopting, found, places);
  setStackKeys(file, project, changes);
  const where = found.folder === "" ? "" : `, started in ${found.folder}`;
  const lines = [
    `${stack.name}: hand-made compose project '${found.project}' on ${host.connection.host}${where}`,
    ...found.containers.map(containerLine),
    ...changes.map(({ path, value }) => `${file.name}: ${keyText(path)}: ${JSON.stringify(value)}`),
    ...leftLines(adopting, found),
    ...places.problems.map(describeProblem),
    ...nextLines(file.name, optionOf(stack)),
  ];
  const json = { project: found.project, containers: found.containers, changes, problems: places.problems };
  return { exitCode: exitCodes.done, json, show: () => lines.forEach((line) => print(line)) };
}

/** The hand-made project that is meant: the named one, or the only one that has services of the stack. */
export function projectOf(
  { stack, host }: Pick<AdoptingStack, "stack" | "host">,
  observation: Pick<Observation, "handMade" | "applied">,
  asked: string | undefined,
): HandMade {
  const names = stack.services.map(({ name }) => name);
  const adoptable = adoptableProjects(host.projects, observation);
  const fitting = adoptable.filter(({ containers }) => containers.some(({ service }) => names.includes(service)));
  const found = asked === undefined ? fitting : adoptable.filter(({ project }) => project === asked);
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  const list = (all: readonly HandMade[]): string => all.map(({ project }) => project).join(", ");
  const where = `on ${host.connection.host}`;
  if (first !== undefined) {
    const what = `is not clear: several projects ${where} have services of the stack, got ${list(found)}`;
    throw new UserError({ path: "--project", what, todo: "name one of them" });
  }
  const what =
    asked === undefined
      ? `no hand-made compose project ${where} has a service of the stack`
      : `is not a hand-made compose project ${where}, got '${asked}'`;
  const todo = adoptable.length === 0 ? "see `docker compose ls --all` there" : `name one of ${list(adoptable)}`;
  throw new UserError({ path: "--project", what, todo });
}

/** A key of the stack's file takes the place of the project's default as a whole, so it gets everything. */
function changesFor(
  { stack: { volumes }, folders }: AdoptingStack,
  { project }: HandMade,
  places: Pick<AdoptedPlaces, "volumes" | "folders">,
): KeyChange[] {
  const named = { ...volumes, ...places.volumes };
  return [
    { path: ["adopt", "project"], value: project },
    ...(Object.keys(places.volumes).length === 0
      ? []
      : Object.entries(named).map(([name, value]) => ({ path: ["volumes", name], value }))),
    ...Object.entries(foldersWithPlaces(folders, places.folders)).map(([folder, { path }]) =>
      path === undefined
        ? { path: ["folders", folder], value: {} }
        : { path: ["folders", folder, "path"], value: path },
    ),
  ];
}

/** A path as `pulumi config set --path` takes it: a word with a dot in it needs brackets. */
function keyText([first = "", ...rest]: readonly string[]): string {
  return first + rest.map((word) => (/^[\w-]+$/.test(word) ? `.${word}` : `["${word}"]`)).join("");
}

function containerLine({ name, service, image, running, ports, mounts }: HandMade["containers"][number]): string {
  const state = running ? "" : ", stopped";
  const places = mounts.map(({ source, target }) => `${source} at ${target}`);
  const more = [...ports, ...places].join(", ");
  return `  ${service}: ${name} (${image}${state})${more === "" ? "" : `: ${more}`}`;
}

/** What a person has to know before the plan says it. */
export function leftLines(
  { stack: { services }, host }: Pick<AdoptingStack, "stack" | "host">,
  { containers }: Pick<HandMade, "containers">,
): string[] {
  const names = services.map(({ name }) => name);
  const unknown = [...new Set(containers.map(({ service }) => service))].filter((name) => !names.includes(name));
  const hasPostgres = services.some(({ postgres, name }) => {
    return postgres !== undefined && containers.some(({ service }) => service === name);
  });
  return [
    ...unknown.map((name) => `note: the stack has no service '${name}'; it stops as well`),
    ...handMadePorts({ containers }, host.ports).flatMap(portNote),
    ...(hasPostgres
      ? ["note: the database's passwords are in its data; give the stack's secrets the same values"]
      : []),
  ];
}

function portNote({ container, text, elsewhere }: HandMadePort): string[] {
  if (elsewhere === undefined) return [];
  const now = `note: port ${text} of '${container}' becomes ${elsewhere}`;
  return [`${now}; to keep it, write "${text}" in \`ports\``];
}

/** The option that names the stack, as a person types it. */
function optionOf({ name }: Stack): string {
  return `--stack ${name.slice(name.indexOf("/") + 1)}`;
}

function nextLines(file: string, option: string): string[] {
  const steps = [
    { command: `slipway preview ${option}`, purpose: "lists what stops, what is claimed, what stays, and the gap" },
    { command: `slipway up ${option}`, purpose: "stops the old containers, and starts the stack on their data" },
    { command: `slipway adopt --undo ${option}`, purpose: "starts the old containers again" },
    { command: `slipway adopt --done ${option}`, purpose: "gives them up" },
  ];
  return [`check ${file}, and commit it`, ...stepLines(steps)];
}

/** Lets the next `up` remove the old containers, once a run ended well without them. */
function giveUp({ project, stack, host, file }: AdoptingStack, observation: Observation): Answer {
  const adopted = requireAdoption(observation, host.connection.host);
  const wanted = { stack: stack.name, projects: host.projects, project: adopted, done: true };
  const refused = ensureProjectCanBeAdopted(wanted, observation);
  if (refused.length > 0) throw new UserError(refused);
  setStackKeys(file, project, [{ path: ["adopt", "done"], value: true }]);
  const lines = [
    `${file.name}: adopt.done: true`,
    ...stepLines([
      {
        command: `slipway up ${optionOf(stack)}`,
        purpose: `removes the old containers of '${adopted}' for good; volumes and folders stay`,
      },
    ]),
  ];
  return { exitCode: exitCodes.done, json: { project: adopted }, show: () => lines.forEach((line) => print(line)) };
}

/** Removes the stack; what ran before starts by the removal of the adoption. */
async function goBack(call: AdoptCall, { host }: AdoptingStack, observation: Observation): Promise<number> {
  const project = requireAdoption(observation, host.connection.host);
  const { destroy } = await import("./operation.ts");
  const { yes = false, "destroy-protected": name } = call.options;
  const words = [...(yes ? ["--yes"] : []), ...(name === undefined ? [] : ["--destroy-protected", name])];
  const code = await destroy.run({ ...call, words });
  if (code === exitCodes.done) log(`what ran as project '${project}' before runs again; the stack's data stays`);
  return code;
}

/** The project whose place the stack has taken, and to which it can go back. */
function requireAdoption({ adoption: found }: Pick<Observation, "adoption">, server: string): string {
  if (found !== undefined && !found.done) return found.project;
  const what =
    found === undefined
      ? `the stack keeps no old containers on ${server}`
      : `the old containers of '${found.project}' were given up on ${server}`;
  throw new UserError({ path: "adopt", what, todo: "there is nothing to go back to, or to give up" });
}
