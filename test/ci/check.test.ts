import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { runChild, type Ended } from "../../process/child.ts";
import { checkout } from "../../toolchain/paths.ts";

const jobSchema = z.object({ script: z.array(z.string()) });
const name = "check:$[[ inputs.job ]]";

/** The script of the job in ci/check.yml, with a program in the place of slipway. */
function scriptWith(slipway: string): string {
  const [, jobs] = parseAllDocuments(readFileSync(join(checkout, "ci/check.yml"), "utf8"));
  const { script } = jobSchema.parse(z.record(z.string(), z.unknown()).parse(jobs?.toJS())[name]);
  const inputs = { slipway, stack: "staging" };
  return Object.entries(inputs).reduce(
    (text, [input, value]) => text.replaceAll(`$[[ inputs.${input} ]]`, value),
    script.join("\n"),
  );
}

/** Runs the job where `slipway env check` and `slipway lock --check` end with these codes. */
async function check(envCheck: number, lockCheck: number): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-check-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const slipway = `#!/bin/sh\necho "$@"\ncase "$1" in env) exit ${envCheck} ;; lock) exit ${lockCheck} ;; esac\n`;
  writeFileSync(join(folder, "slipway"), slipway, { mode: 0o755 });
  return await runChild(["sh", "-e", "-c", scriptWith("./slipway")], { cwd: folder });
}

describe("the job `check` of a stack", () => {
  it.each([0, 4])("passes where the variables are right, or not known here: %s", async (code) => {
    expect(await check(code, 0)).toMatchObject({ code: 0, stdout: "env check --stack staging\nlock --check\n" });
  });

  it("fails where the variables are wrong", async () => {
    expect(await check(1, 0)).toMatchObject({ code: 1 });
  });

  it.each([0, 4])("fails where slipway.lock is not what the compose files need: %s", async (code) => {
    expect(await check(code, 1)).toMatchObject({ code: 1 });
  });
});
