import { beforeAll, describe, expect, it } from "vitest";
import { resumeRelease } from "../../../../host/release/session.ts";
import { docker } from "../docker.ts";
import { runningIn, type ReleaseSight } from "./release-sight.ts";
import { ReleaseStack } from "./release-stack.ts";

let stack: ReleaseStack;
let sight: ReleaseSight;

beforeAll(async () => {
  const opened = await ReleaseStack.open();
  ({ stack } = opened);
  ({ sight } = stack);
  return opened.close;
});

describe("a first release", () => {
  it("that is not well in the watch stays, unverified: there is nothing to go back to", async () => {
    await stack.session.begin();
    const { error } = await stack.roll({ version: "1.0.0" }, { rollout: { watch: 20 } }, (step) => {
      if (step === "rollout watch") docker("kill", `${stack.project}-web-blue`);
    });
    await stack.session.end();
    expect(error).toMatch(/it stays, unverified: there is no previous release/);
    expect(await sight.colours()).toEqual(["blue live 1.0.0", "green idle"]);
    expect((await sight.fact()).holds).toEqual([]);
    expect(await sight.verdicts()).toEqual(["run-1 unconfirmed 1.0.0"]);
  });

  it("that is not confirmed stays, unverified; the next run confirms it", async () => {
    await stack.session.begin();
    expect((await stack.roll({ version: "1.0.0" })).error).toBe("");
    await stack.session.end();
    expect(await sight.colours()).toEqual(["blue live 1.0.0", "green idle"]);
    expect((await sight.verdicts()).at(-1)).toBe("run-2 unconfirmed 1.0.0");
    expect((await stack.up({ version: "1.0.0" })).error).toBe("");
    expect(await sight.colours()).toEqual(["blue live 1.0.0 verified", "green idle"]);
    expect((await sight.verdicts()).at(-1)).toBe("run-3 verified 1.0.0");
  });
});

describe("a session", () => {
  it("that ends without a confirmation switches back without a hold: the next run tries again (F97)", async () => {
    const run = await stack.session.begin();
    expect((await stack.roll({ version: "2.0.0" })).error).toBe("");
    expect(await sight.serves()).toBe("2.0.0");
    expect(await sight.colours()).toEqual(["blue warm 1.0.0 verified", "green live 2.0.0"]);
    await stack.session.end();
    expect(await sight.serves()).toBe("1.0.0");
    expect(await sight.colours()).toEqual(["blue live 1.0.0 verified", "green idle"]);
    expect((await sight.verdicts()).at(-1)).toBe(`${run} unconfirmed 2.0.0`);
    expect((await sight.fact()).holds).toEqual([]);
    expect((await stack.up({ version: "2.0.0" })).error).toBe("");
    expect(await sight.colours()).toEqual(["blue warm 1.0.0 verified", "green live 2.0.0 verified"]);
  });

  it("starts a stopped release again to switch back to it", async () => {
    await stack.session.begin();
    expect((await stack.roll({ version: "3.0.0" })).error).toBe("");
    docker("stop", ...sight.containers("green").map((line) => `${stack.project}-${line.replace(/ .*/, "")}`));
    await stack.session.end();
    expect(await sight.serves()).toBe("2.0.0");
    expect(sight.containers("green")).toEqual(runningIn("green"));
  });

  it("verifies what a dead attending process left, and closes its record as the run itself would have", async () => {
    const dead = await stack.session.begin();
    expect((await stack.roll({ version: "3.0.0" })).error).toBe("");
    stack.session.die();
    expect(await sight.colours()).toEqual(["blue live 3.0.0", "green warm 2.0.0 verified"]);
    await stack.session.begin();
    expect(await sight.colours()).toEqual(["blue live 3.0.0 verified", "green warm 2.0.0 verified"]);
    expect((await sight.verdicts()).at(-1)).toBe(`${dead} verified 3.0.0`);
    const { verified } = await sight.fact();
    expect(verified).toMatchObject({ run: dead, holder: "ada", job: "https://ci.test/1", commit: "abcdef0" });
    expect(Object.keys(verified?.phases ?? {})).toContain("gate");
    await stack.session.end();
    expect((await stack.up({ version: "3.0.0" })).error).toBe("");
    expect(await sight.differences()).toEqual([]);
  });

  it("leaves what a dead attending process left, if it is not well, also at the start of the server", async () => {
    const dead = await stack.session.begin();
    expect((await stack.roll({ version: "4.0.0" })).error).toBe("");
    stack.session.die();
    docker("stop", `${stack.project}-api-green-2`);
    await resumeRelease(stack.view(), (phase, message) => void stack.said.push(`${phase}: ${message}`));
    expect(await sight.serves()).toBe("3.0.0");
    expect(await sight.colours()).toEqual(["blue live 3.0.0 verified", "green idle"]);
    expect((await sight.verdicts()).at(-1)).toBe(`${dead} lost 4.0.0`);
  });
});
