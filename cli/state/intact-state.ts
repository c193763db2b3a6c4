import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../model/problem.ts";
import { quoteWords } from "../../model/shell.ts";
import type { StateFolder } from "./folder.ts";

/** The parts of Pulumi's state file that an intact one has. A stack that was never deployed has no resources. */
const stateSchema = z.looseObject({
  version: z.number(),
  checkpoint: z.looseObject({
    latest: z.looseObject({ resources: z.array(z.looseObject({ urn: z.string() })).nullish() }).nullish(),
  }),
});

/**
 * Refuses a state file that is damaged, with which Pulumi would start from nothing or not at all, and names the newest
 * of Pulumi's own copies that is intact (F87).
 */
export function requireIntactState(state: StateFolder): void {
  const { file } = state;
  const text = textOf(file);
  // Pulumi itself reports a file that is missing or cannot be read, and reads a compressed one.
  if (text === undefined || isIntact(text)) return;
  const copy = newestIntactCopy(state);
  const todo =
    copy === undefined
      ? "restore it from your backup of the backend; without one, move it away, make the stack again with " +
        "`slipway init`, and `slipway up` takes over what is on the server"
      : `replace it with Pulumi's last intact copy: \`${quoteWords(["cp", copy, file])}\`; then \`slipway up\` finds ` +
        "later changes on the server";
  throw new UserError({ path: file, what: "is cut, or was not written by Pulumi", todo });
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function isIntact(text: string): boolean {
  try {
    return stateSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

function newestIntactCopy({ file, backups, history }: StateFolder): string | undefined {
  const copies = [`${file}.bak`, ...filesIn(backups, /\.json$/), ...filesIn(history, /\.checkpoint\.json$/)];
  return copies
    .filter((copy) => existsSync(copy))
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs)
    .find((copy) => isIntact(textOf(copy) ?? ""));
}

function filesIn(folder: string, pattern: RegExp): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
}
