import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { quoteWords } from "../model/shell.ts";
import { Refusal } from "./refusal.ts";
import type { StateFolder } from "./state-folder.ts";

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
  // Without the file there is no such stack, and Pulumi says so; a compressed one is Pulumi's to read.
  if (!existsSync(file) || isWhole(file)) return;
  const copy = newestWhole(state);
  const todo =
    copy === undefined
      ? "restore it from your backup of the backend; without one, move it away, make the stack again with `slipway init`, and `slipway up` takes what is on the server"
      : `put Pulumi's last whole copy in its place: \`${quoteWords(["cp", copy, file])}\`; then \`slipway up\` finds on the server what came after it`;
  throw new Refusal([{ path: file, what: "is cut, or was not written by Pulumi", todo }]);
}

function isWhole(file: string): boolean {
  try {
    return stateSchema.safeParse(JSON.parse(readFileSync(file, "utf8"))).success;
  } catch {
    return false;
  }
}

function newestWhole({ file, backups, history }: StateFolder): string | undefined {
  const copies = [`${file}.bak`, ...filesIn(backups, /\.json$/), ...filesIn(history, /\.checkpoint\.json$/)].filter(
    (copy) => existsSync(copy),
  );
  return copies.sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs).find(isWhole);
}

function filesIn(folder: string, pattern: RegExp): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
}
