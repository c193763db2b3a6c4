import { readFileSync } from "node:fs";
import { join } from "node:path";
import { guess } from "../../model/guess.ts";
import { candidates, shells } from "../completion/candidates.ts";
import * as declared from "../declaration/project.ts";
import { exitCodes } from "../exit-code.ts";
import { usageError } from "../options.ts";
import { command, type Call } from "./command.ts";

/** `slipway completion`: prints a shell's script, and the words that such a script asks for. */
export const completion = command(declared.completion, printCompletion);

async function printCompletion({ words, environment }: Call): Promise<number> {
  const [asked, ...line] = words;
  if (asked === "candidates") process.stdout.write(await offeredLines(line, environment));
  else process.stdout.write(scriptOf(asked, line));
  return exitCodes.done;
}

/** The words that the last one of a line can become, each with its explanation behind a tab. */
async function offeredLines(line: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const offered = await candidates(line, { folder: process.cwd(), environment });
  return offered.map(({ word, summary }) => `${word}\t${summary}\n`).join("");
}

function scriptOf(asked: string | undefined, further: readonly string[]): string {
  const shell = shells.find((name) => name === asked && further.length === 0);
  if (shell !== undefined)
    return readFileSync(join(import.meta.dirname, "..", "completion", `slipway.${shell}`), "utf8");
  const path = "slipway completion";
  if (asked === undefined) throw usageError(path, "names no shell", `name one of ${shells.join(", ")}`);
  throw usageError(path, `knows no such shell, got '${[asked, ...further].join(" ")}'`, guess(asked, shells));
}
