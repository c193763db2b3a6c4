import { resolve } from "node:path";
import type { Completed, Option } from "../declaration/declaration.ts";
import { declarations } from "../declaration/declarations.ts";
import { optionsOf, readLine, type CompletedLine } from "./line.ts";
import { serviceNames, stackNames } from "./names.ts";

/** The shells whose scripts `slipway completion` prints. */
export const shells = ["bash", "zsh", "fish"] as const;

/** A word that a shell offers. `:file` and `:folder` ask the shell for its own completion. */
export interface Candidate {
  readonly word: string;
  readonly summary: string;
}

interface Place {
  /** The folder of the shell. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Offers what the last word of a line, which may be empty, can become. */
export async function candidates(words: readonly string[], place: Place): Promise<readonly Candidate[]> {
  const line = readLine(words);
  const { current, attached } = line;
  if (line.closed) return [];
  const found = await allAt(line, place);
  return found.flatMap(({ word, summary }) => {
    if (word.startsWith(":")) return [{ word, summary }];
    return word.startsWith(current) ? [{ word: `${attached}${word}`, summary }] : [];
  });
}

async function allAt(line: CompletedLine, place: Place): Promise<readonly Candidate[]> {
  const { command, words, valueOf, current, given } = line;
  const { folder } = place;
  const at = { ...place, folder: resolve(folder, given.get("cwd") ?? ".") };
  if (valueOf !== undefined) return await valuesOf(valueOf, at);
  if (current.startsWith("-")) return optionCandidates(line);
  if (command === undefined || words[0] === "help") return commandCandidates(words.filter((word) => word !== "help"));
  return command.words?.completes === undefined ? [] : await completedBy(command.words.completes, at);
}

async function valuesOf({ value, completes }: Option, place: Place): Promise<readonly Candidate[]> {
  if (completes !== undefined) return await completedBy(completes, place);
  return value?.includes(" | ") === true ? named(value.split(" | ")) : [];
}

async function completedBy(kind: Completed, { folder, environment }: Place): Promise<readonly Candidate[]> {
  if (kind === "file" || kind === "folder") return named([`:${kind}`]);
  if (kind === "shell") return named(shells);
  if (kind === "stack") return named(await stackNames(folder), "stack");
  const services = await serviceNames(folder, environment);
  return kind === "service"
    ? named(services, "service")
    : named(
        services.map((name) => `${name}=`),
        "service",
      );
}

/** The options that the line does not have yet. */
function optionCandidates({ command, words, given }: CompletedLine): readonly Candidate[] {
  const version = words.length === 0 ? [{ word: "--version", summary: "prints slipway's version" }] : [];
  const options = Object.entries(optionsOf(command)).filter(([name, { multiple }]) => {
    return (multiple === true || !given.has(name)) && (name !== "stack" || command?.stack !== "none");
  });
  return [...options.map(([name, { summary }]) => ({ word: `--${name}`, summary })), ...version];
}

/** The next word of the commands that begin with the words. */
function commandCandidates(words: readonly string[]): readonly Candidate[] {
  const beginning = words.map((word) => `${word} `).join("");
  const next = declarations
    .filter(({ name }) => name.startsWith(beginning))
    .map(({ name, summary }) => {
      const [word = "", further] = name.slice(beginning.length).split(" ");
      return { word, summary: further === undefined ? summary : `commands for ${word}` };
    });
  const help = words.length === 0 ? [{ word: "help", summary: "explains a command" }] : [];
  return [...new Map([...next, ...help].map((one) => [one.word, one])).values()];
}

function named(words: readonly string[], summary = ""): readonly Candidate[] {
  return words.map((word) => ({ word, summary }));
}
