import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestServer } from "../../hosts/servers.ts";
import type { Aaperture } from "./aaperture.ts";
import { AapertureServer } from "./aaperture-server.ts";

const journal = "/var/lib/slipway/stacks/aaperture@staging/journal";
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

async function journalLength(): Promise<number> {
  return Number((await server.exec(["sh", "-c", `cat ${journal} 2>/dev/null | wc -l`])).stdout);
}

/** Waits on the server until the journal has so many lines, or until the run that writes it has ended. */
async function journalReaches(lines: number, ended: Promise<unknown>): Promise<void> {
  const watch = `until [ "$(cat ${journal} 2>/dev/null | wc -l)" -ge ${lines} ]; do sleep 0.02; done`;
  await Promise.race([server.exec(["timeout", "300", "sh", "-c", watch]), ended]);
}

async function containers(): Promise<string> {
  return (await server.exec(["sh", "-c", "docker ps --all --format '{{.Names}}' | grep staging"])).stdout;
}

/** Kills `pulumi up` as soon as it has journalled so many steps. */
async function killAtStep(step: number): Promise<void> {
  const before = await journalLength();
  const up = aaperture.start("up", "staging", server);
  await journalReaches(before + step, up.finished);
  up.kill("SIGKILL");
  await up.finished;
}

/** Expects the next `slipway up` to succeed without help, and another one to find nothing to do. */
async function expectNextUpConverges(version: string): Promise<void> {
  const { code, stdout, stderr } = await aaperture.slipway(["up", "--yes", "--skip-preview"], "staging", server);
  if (code !== 0) throw new Error(`slipway up ended with ${code}\n${stdout}${stderr}`);
  const answer = await server.exec(["curl", "-sS", "--max-time", "10", "http://127.0.0.1:18080/version"]);
  expect(answer.stdout).toContain(version);
  const { events } = await aaperture.succeed("up", "staging", server);
  expect(Object.keys(events.changes)).toEqual(["same"]);
}

// Numbers of steps that the journal holds for each kind of deploy.
const firstSteps = stepsUpTo(37);
const changedSteps = stepsUpTo(15);

function stepsUpTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

describe("a SIGKILL of pulumi up (F85, F94, F120)", () => {
  test.each(firstSteps)(
    "at step %i of a first deploy leaves a server on which the next slipway up converges",
    async (step) => {
      try {
        await killAtStep(step);
        await expectNextUpConverges("1.0.0");
      } finally {
        await aaperture.slipway(["destroy", "--yes", "--skip-preview"], "staging", server);
      }
      expect(await containers()).toBe("");
    },
    long,
  );

  test.each(changedSteps)(
    "at step %i of a changed deploy leaves a server on which the next slipway up converges",
    async (step) => {
      await aaperture.slipway(["up", "--yes", "--skip-preview"], "staging", server);
      await aaperture.release(`2.${++releases}.0`);
      await killAtStep(step);
      await expectNextUpConverges(`2.${releases}.0`);
    },
    long,
  );
});

describe("two stacks at the same time on one server (F92)", () => {
  test(
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
