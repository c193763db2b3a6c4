import { nothingSaid } from "../../../model/facts/release/going-back.ts";
import { releaseRowLines, releaseRows } from "../../../model/report/operate/past-releases.ts";
import * as declared from "../../declaration/operate.ts";
import { exitCodes } from "../../exit-code.ts";
import { print } from "../../output.ts";
import { command } from "../command.ts";
import { openObservingKeys } from "../../ssh/stack-keys.ts";
import { nameOfStack, observeDeclared, readDeclaredStack } from "../../stack/declared-stack.ts";

/** More records than a stack gets in years. */
export const allRecords = 5_000;

/** `slipway releases`: the records of a stack, and to which of its releases one can go back. */
export const releases = command(declared.releases, async (call) => {
  const name = nameOfStack(call);
  const keys = await openObservingKeys(call, [name]);
  try {
    const stack = await readDeclaredStack(call, name, "observe");
    const { release } = await observeDeclared(stack, keys, allRecords);
    const rows = release === undefined ? [] : releaseRows(release, nothingSaid);
    const damage = release?.damage ?? [];
    return {
      exitCode: exitCodes.done,
      json: { version: 1, stack: stack.stack.name, releases: rows, damage },
      show: () => releaseRowLines(name, rows, damage).forEach((line) => print(line)),
    };
  } finally {
    await keys.close();
  }
});
