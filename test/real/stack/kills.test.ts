import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { TestServer } from "../../hosts/servers.ts";
import type { Aaperture } from "./aaperture.ts";
import { AapertureServer } from "./aaperture-server.ts";
import { fullSeries, series } from "../series.ts";

const folder = "/var/lib/slipway/stacks/aaperture@staging";
const long = 600_000;
let opened: AapertureServer;
let server: TestServer;
let aaperture: Aaperture;
let releases = 0;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging", "production"]);
  ({ server, aaperture } = opened);
});

afterAll(() => opened.close());

const on = (script: string): Promise<string> => opened.on(script);

/** The number of lines in a file of the stack's. */
async function lengthOf(file: "journal" | "records"): Promise<number> {
  return Number(await on(`cat ${folder}/${file} 2>/dev/null | wc -l`));
}

/** A moment of a deploy: the line of its journal after which it is killed, and how many of such it waits for. */
interface Moment {
  readonly name: string;
  readonly line: string;
  readonly count: number;
}

const after = (verb: string, step: string): Moment => {
  return { name: `'${step}' of ${verb}`, line: `"verb":"${verb}".*"step":"${step}"`, count: 1 };
};

/** Every line of a journal of so many. */
function everyLine(last: number): Moment[] {
  return Array.from({ length: last }, (_, index) => ({ name: `line ${index + 1}`, line: "", count: index + 1 }));
}

/** Waits on the server until the journal is so far, or until the run that writes it has ended. */
async function journalReaches({ line, count }: Moment, from: number, ended: Promise<unknown>): Promise<void> {
  const found = `tail -n +${from + 1} ${folder}/journal 2>/dev/null | grep -c '${line}'`;
  const watch = `until [ "$(${found})" -ge ${count} ]; do sleep 0.02; done`;
  await Promise.race([server.exec(["timeout", "300", "sh", "-c", watch]), ended]);
}

/** Kills `pulumi up` as soon as its journal is so far. */
async function killAt(moment: Moment): Promise<void> {
  const before = await lengthOf("journal");
  const up = aaperture.start("up", "staging", server);
  await journalReaches(moment, before, up.finished);
  up.kill("SIGKILL");
  await up.finished;
}

async function slipway(...words: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await aaperture.slipway([...words, "--yes", "--skip-preview"], "staging", server);
  if (code !== 0) throw new Error(`slipway ${words.join(" ")} ended with ${code}\n${stdout}${stderr}`);
}

/** Expects the next `slipway up` to succeed without help, and another one to find nothing to do. */
async function expectNextUpConverges(version: string): Promise<void> {
  await slipway("up");
  expect(await on("curl -sS --max-time 10 http://127.0.0.1:18080/version")).toContain(version);
  const { events } = await aaperture.succeed("up", "staging", server);
  expect(Object.keys(events.changes)).toEqual(["same"]);
  await expectRecordsAreClosed();
}

const recordSchema = z.object({ run: z.string(), verdict: z.string() });

/** Expects each run that began to have left exactly one other record, also those that were killed. */
async function expectRecordsAreClosed(): Promise<void> {
  const lines = (await on(`cut -d' ' -f3- ${folder}/records`)).split("\n");
  const records = lines.map((line) => recordSchema.parse(JSON.parse(line)));
  const runsOf = (isBegun: boolean) =>
    records.flatMap(({ run, verdict }) => ((verdict === "begun") === isBegun ? [run] : [])).sort();
  expect(runsOf(false)).toEqual(runsOf(true));
}

/** Takes the stack away, if it is there. */
async function destroy(): Promise<void> {
  const containers = "docker ps --all --format '{{.Names}}' | grep staging || true";
  if ((await on(containers)) === "" && (await lengthOf("journal")) === 0) return;
  await slipway("destroy");
  expect(await on(containers)).toBe("");
}

/** The lines that a journal holds of a first deploy and of one that changes the release. */
const lines = { first: 56, changed: 26 };

test.skipIf(!fullSeries)(
  `a first deploy writes ${lines.first} lines into its journal, and one of another release ${lines.changed}`,
  async () => {
    await slipway("up");
    const first = await lengthOf("journal");
    await aaperture.release("1.1.0");
    await slipway("up");
    expect({ first, changed: (await lengthOf("journal")) - first }).toEqual(lines);
    await aaperture.release("1.0.0");
  },
  long,
);

describe("a SIGKILL of pulumi up (F85, F94, F120)", () => {
  test.each(series(everyLine(lines.first), [after("compose", "up")]))(
    "at $name of the journal of a first deploy leaves a server on which the next slipway up converges",
    async (moment) => {
      await destroy();
      await killAt(moment);
      await expectNextUpConverges("1.0.0");
    },
    long,
  );

  test.each(series(everyLine(lines.changed), [after("rollout", "switch")]))(
    "at $name of the journal of a changed deploy leaves a server on which the next slipway up converges",
    async (moment) => {
      if ((await lengthOf("journal")) === 0) await slipway("up");
      await aaperture.release(`2.${++releases}.0`);
      await killAt(moment);
      await expectNextUpConverges(`2.${releases}.0`);
    },
    long,
  );
});

describe("two stacks at the same time on one server (F92)", () => {
  test.skipIf(!fullSeries)(
    "wait for each other, and then both are up to date",
    async () => {
      await aaperture.release("3.0.0");
      const [staging, production] = await Promise.all([
        aaperture.succeed("up", "staging", server),
        aaperture.succeed("up", "production", server),
      ]);
      expect(staging.output + production.output).toMatch(
        /lease: waits up to \d+ s for aaperture\/(staging|production)/,
      );
      for (const port of [18080, 8080]) {
        const answer = await server.exec(["curl", "-sS", "--max-time", "10", `http://127.0.0.1:${port}/version`]);
        expect(answer.stdout).toContain("3.0.0");
      }
    },
    long,
  );
});
