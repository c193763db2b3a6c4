import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { quoteWords } from "../../model/shell.ts";
import { UserError } from "../../model/problem.ts";
import type { StateFolder } from "./folder.ts";

/** What Pulumi writes, as far as it tells a whole file from another; a stack that was never deployed has no resources. */
const stateSchema = z.looseObject({
  version: z.number(),
  checkpoint: z.looseObject({
    latest: z.looseObject({ resources: z.array(z.looseObject({ urn: z.string() })).nullish() }).nullish(),
  }),
});

/** Refuses a state that was cut or is none, from which Pulumi would begin anew or not at all; Pulumi's own copies are looked through for a whole one (F87). */
export function requireWholeState(state: StateFolder): void {
  const { file } = state;
  const text = textOf(file);
  // Without the file there is no such stack, and Pulumi says so, as of one that cannot be read; a compressed one is Pulumi's to read.
  if (text === undefined || isWhole(text)) return;
  const copy = newestWhole(state);
  const todo =
    copy === undefined
      ? "restore it from your backup of the backend; without one, move it away, make the stack again with `slipway init`, and `slipway up` takes what is on the server"
      : `put Pulumi's last whole copy in its place: \`${quoteWords(["cp", copy, file])}\`; then \`slipway up\` finds on the server what came after it`;
  throw new UserError({ path: file, what: "is cut, or was not written by Pulumi", todo });
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function isWhole(text: string): boolean {
  try {
    return stateSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

function newestWhole({ file, backups, history }: StateFolder): string | undefined {
  const copies = [`${file}.bak`, ...filesIn(backups, /\.json$/), ...filesIn(history, /\.checkpoint\.json$/)].filter(
    (copy) => existsSync(copy),
  );
  return copies
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs)
    .find((copy) => isWhole(textOf(copy) ?? ""));
}

function filesIn(folder: string, pattern: RegExp): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
}
