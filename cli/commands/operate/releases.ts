import { nothingSaid } from "../../../model/facts/going-back.ts";
import { releaseRowLines, releaseRows } from "../../../model/report/operate/past-releases.ts";
import * as declared from "../../declaration/operate.ts";
import { exitCodes } from "../../exit-code.ts";
import { print } from "../../output.ts";
import { command } from "../command.ts";
import { nameOfStack, observeDeclared, openLookingKeys, readDeclaredStack } from "./declared-stack.ts";

/** Records of years. */
export const allRecords = 5_000;

/** `slipway releases`: the records of a stack, and to which of its releases one can go back. */
export const releases = command(declared.releases, async (call) => {
  const name = nameOfStack(call);
  const keys = await openLookingKeys(call.environment);
  try {
    const stack = await readDeclaredStack(call, name);
    const { release } = await observeDeclared(stack, { environment: call.environment, keys, records: allRecords });
    const rows = release === undefined ? [] : releaseRows(release, nothingSaid);
    const damage = release?.damage ?? [];
    return {
      exitCode: exitCodes.done,
      json: { version: 1, stack: stack.stack.name, releases: rows, damage },
      show: () => releaseRowLines(rows, damage).forEach((line) => print(line)),
    };
  } finally {
    await keys.close();
  }
});
