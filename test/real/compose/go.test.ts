import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { writeEnvFile } from "../../../model/stack/env/env-file.ts";
import { goEnvironment } from "../../../toolchain/go-environment.ts";
import { here } from "../../../toolchain/cache/place.ts";
import { ensureTools } from "../../../toolchain/toolchain.ts";
import { go } from "../../../toolchain/tools/go.ts";
import { mustRun } from "../../../toolchain/must-run.ts";
import { randomValues } from "../secrets/random-values.ts";
import { fullSeries } from "../series.ts";

const each = 1000;
const files = 1000;
const found = z.record(z.string(), z.string());

/** Only the proof builds a Go program: the other tests check the writer against the same rules in TypeScript. */
describe.runIf(fullSeries)("an env file that slipway writes", () => {
  let folder: string;
  beforeAll(async () => {
    const outcomes = await ensureTools([go], (line) => void process.stdout.write(`${line}\n`));
    const program = outcomes.find(({ tool }) => tool === go)?.installed.commands["go"] ?? "go";
    folder = mkdtempSync(join(tmpdir(), "slipway-env-reader-"));
    cpSync(join(import.meta.dirname, "../programs", "env-reader"), folder, { recursive: true });
    await mustRun([program, "build", "-mod=readonly", "-o", "reader", "."], {
      cwd: folder,
      env: goEnvironment(here),
    });
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("changes 0 of 1,000,000 random values when compose-go reads it (F110)", { timeout: 600_000 }, async () => {
    const reader = spawn(join(folder, "reader"), { stdio: ["pipe", "pipe", "inherit"] });
    const answers = createInterface({ input: reader.stdout })[Symbol.asyncIterator]();
    let changed = 0;
    for (let file = 0; file < files; file += 1) {
      const variables = randomValues(each, file).map((value, index) => ({ name: `V${index}`, value }));
      reader.stdin.write(`${Buffer.from(writeEnvFile(variables)).toString("base64")}\n`);
      const answer = await answers.next();
      const values = found.parse(JSON.parse(answer.done === true ? "{}" : answer.value));
      changed += variables.filter(({ name, value }) => values[name] !== value).length;
      expect(Object.keys(values)).toHaveLength(each);
    }
    reader.stdin.end();
    process.stdout.write(`  ${files * each} values through compose-go: ${changed} changed\n`);
    expect(changed).toBe(0);
  });
});
