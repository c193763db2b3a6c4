import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { exitCodes, exitCodeOf } from "../cli/exit-code.ts";
import { printError } from "../cli/output.ts";
import { openKeys } from "../cli/ssh/keys.ts";
import { runSlipway } from "../cli/commands/commands.ts";
import { assembleDeployment } from "../config/assemble.ts";
import { readOffline } from "../config/offline.ts";
import { readProjectFiles, readStackFiles } from "../config/stack-files.ts";
import { configurationError } from "../model/problem.ts";
import { fixture } from "./secrets/fixture.ts";

const corpus = join(import.meta.dirname, "corpus");

/** The schema of a case: its differences from the valid stack, and the messages that it must cause. */
const caseSchema = z.strictObject({
  /** Texts of files; null removes the file. */
  files: z.record(z.string(), z.string().nullable()).default({}),
  /** Replacements in files: an expression, and the text for it. */
  edits: z.record(z.string(), z.array(z.tuple([z.string(), z.string()]))).default({}),
  environment: z.record(z.string(), z.string()).default({}),
  /** Paths that git tracks. */
  tracked: z.array(z.string()).default([]),
  /**
   * The program that finds the fault: the check, the loader without the engine, the loader of a run, or the reader of
   * the SSH key.
   */
  by: z.enum(["env check", "loader", "run", "ssh key"]).default("env check"),
  says: z.array(z.string()).min(1),
  code: z.enum(["refused", "wrongUsage", "notChecked"]).default("refused"),
});

/** Part of every value that is secret; no message holds it. */
const secret = /canary|AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]|correct horse/;
const form = /^[^:]+(:.*)?: .*; \S/s;

const formats = readdirSync(corpus).filter((name) => name !== "base");

afterEach(() => vi.restoreAllMocks());

describe.each(formats)("the corpus of bad input: %s", (format) => {
  it.each(readdirSync(join(corpus, format)))(
    "rejects %s before the first connection, with all its faults",
    async (name) => {
      const given = caseSchema.parse(parse(readFileSync(join(corpus, format, name), "utf8")));
      const folder = prepare(given);
      const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
      vi.spyOn(process.stdout, "write").mockReturnValue(true);
      const code = await meet(given, folder).catch((error: unknown) => {
        printError(error);
        return exitCodeOf(error);
      });
      const lines = said.mock.calls
        .map(([text]) => String(text))
        .join("")
        .split("\n");
      vi.restoreAllMocks();
      rmSync(folder, { recursive: true });
      const problems = lines.filter((line) => line !== "" && !line.endsWith("the configuration has problems:"));
      const bare = problems.map((line) => line.replace(/^ {2}- /, "").replaceAll(folder, "<project>"));
      expect(bare).toEqual(given.says);
      for (const line of bare) {
        expect(line).toMatch(form);
        expect(line).not.toMatch(secret);
        expect(line).not.toMatch(/^\s+at /);
      }
      expect(code).toBe(exitCodes[given.code]);
    },
  );
});

it("the corpus is based on a valid stack", async () => {
  const folder = prepare(caseSchema.parse({ says: ["nothing"] }));
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const environment = { SOPS_AGE_KEY_B64: fixture("first-key.b64") };
  vi.stubEnv("SOPS_AGE_KEY_B64", environment.SOPS_AGE_KEY_B64);
  expect(await runSlipway(["-C", folder, "env", "check"])).toBe(exitCodes.done);
  vi.unstubAllEnvs();
  expect((await readOffline({ folder, stack: "staging", environment })).problems).toEqual([]);
  rmSync(folder, { recursive: true });
});

type Case = z.output<typeof caseSchema>;

function prepare({ files, edits, tracked }: Case): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-corpus-"));
  cpSync(join(corpus, "base"), folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    rmSync(join(folder, path), { force: true });
    if (text !== null) writeFileSync(join(folder, path), text);
  }
  for (const [path, pairs] of Object.entries(edits)) {
    for (const [from, to] of pairs) {
      const before = readFileSync(join(folder, path), "utf8");
      const after = before.replaceAll(new RegExp(from, "gm"), to);
      if (after === before) throw new Error(`${path}: the corpus changes nothing of ${from}`);
      writeFileSync(join(folder, path), after);
    }
  }
  if (tracked.length > 0) {
    execFileSync("git", ["-C", folder, "init", "--quiet"]);
    execFileSync("git", ["-C", folder, "add", "--force", "--", ...tracked]);
  }
  return folder;
}

/** Replaces values that begin with `fixture ` by keys of the fixtures. */
function variablesOf({ environment }: Case): Record<string, string> {
  const given = { SOPS_AGE_KEY_B64: "fixture first-key.b64", ...environment };
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      value.startsWith("fixture ") ? fixture(value.slice(8)) : value,
    ]),
  );
}

async function meet(given: Case, folder: string): Promise<number> {
  const environment = variablesOf(given);
  if (given.by === "ssh key") {
    await openKeys({ ...process.env, ...environment });
    return exitCodes.done;
  }
  if (given.by === "run") {
    const files = readProjectFiles(folder);
    const texts = { ...readStackFiles(files, "staging").texts, fingerprintKey: "k".repeat(32) };
    const { project, root } = files;
    await assembleDeployment({
      project,
      stack: "staging",
      root,
      texts,
      environment: { ...environment, PATH: "/usr/bin:/bin" },
    });
    return exitCodes.done;
  }
  if (given.by === "loader") {
    const { problems } = await readOffline({ folder, stack: "staging", environment });
    if (problems.length > 0) throw configurationError(problems);
    return exitCodes.done;
  }
  Object.entries(environment).forEach(([name, value]) => vi.stubEnv(name, value));
  try {
    return await runSlipway(["-C", folder, "--stack", "staging", "env", "check"]);
  } finally {
    vi.unstubAllEnvs();
    expect(existsSync(folder)).toBe(true);
  }
}
