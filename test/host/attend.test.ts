import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { LocalHost } from "./host-program.ts";

const production = "aaperture/production";
let host: LocalHost;

beforeEach(() => {
  host = new LocalHost();
});
afterEach(() => {
  host.remove();
});

describe("the lease of a server", { timeout: 60_000 }, () => {
  it("is held by one run, and another stack gets the name of its holder (F91, F92)", async () => {
    const first = await host.session(staging, "one");
    await expect(host.session(production, "two")).rejects.toThrow(
      "lease: this server's lease is held by one of aaperture/staging; wait for that run, or end it",
    );
    expect((await first.end()).code).toBe(0);
  });

  it("is free at once when its holder is killed (F94)", async () => {
    const first = await host.session(staging, "one");
    await first.kill("SIGKILL");
    const second = await host.session(production, "two");
    expect((await second.end()).code).toBe(0);
  });

  it("goes to the run that waits for it", async () => {
    const first = await host.session(staging, "one");
    const second = host.attend(production);
    const leased = second.lease("two", "two of production", 30);
    await host.waitUntil(() => second.said.includes("waits up to 30 s for one of aaperture/staging"));
    await first.end();
    await leased;
    expect((await second.end()).code).toBe(0);
  });

  it("is not needed for an observation: two runs of one stack observe at the same time", async () => {
    const runs = [host.attend(staging), host.attend(staging)];
    await Promise.all(runs.map((run) => run.observe()));
    expect(readdirSync(host.stackRun(staging)).filter((name) => name.startsWith("run."))).toHaveLength(2);
    await Promise.all(runs.map((run) => run.end()));
    expect(readdirSync(host.stackRun(staging))).toEqual([]);
  });

  it("installs the program of the run that has it, once", async () => {
    await (await host.session(staging, "one")).end();
    const installed = join(host.stackState(staging), "slipway");
    expect(readFileSync(installed, "utf8")).toBe(host.text);
    const { ino, mode } = statSync(installed);
    expect(mode & 0o777).toBe(0o755);
    expect(statSync(host.stackState(staging)).mode & 0o777).toBe(0o700);
    await (await host.session(staging, "two")).end();
    expect(statSync(installed).ino).toBe(ino);
    writeFileSync(installed, "another version");
    await (await host.session(staging, "three")).end();
    expect(readFileSync(installed, "utf8")).toBe(host.text);
  });

  it("rejects a holder without a name", async () => {
    await expect(host.attend(staging).lease("", "")).rejects.toThrow("wants 'lease <seconds> <run> <holder>'");
  });
});

describe("a run", { timeout: 60_000 }, () => {
  it("leaves no trace when its connection ends, and a killed one leaves none after the next run", async () => {
    const killed = await host.session(staging, "one");
    killed.stage("TOKEN", "canary");
    await killed.observe();
    await killed.kill("SIGKILL");
    expect(readdirSync(host.stackRun(staging))).toHaveLength(2);
    const next = await host.session(staging, "two");
    await next.end();
    expect(readdirSync(host.stackRun(staging))).toEqual(["verbs.lock"]);
  });

  it("removes the program that came by its connection", async () => {
    const piped = join(host.run, "program.abcdef");
    const run = host.attend(staging, piped);
    await run.lease("one", "one of staging");
    expect(existsSync(piped)).toBe(false);
    await run.end();
    expect(readFileSync(join(host.stackState(staging), "slipway"), "utf8")).toBe(host.text);
  });

  it("rejects an unknown line, and a name that leads out of its folder", async () => {
    const one = host.attend(staging);
    one.tell("dance");
    expect((await one.ended).stderr).toBe(
      "attend: does not know the line 'dance'; the other end speaks another version\n",
    );
    const two = host.attend(staging);
    two.tell("secret ../../x eA==");
    expect(await two.ended).toMatchObject({ code: 1, stderr: "attend: '../../x' is no name of a secret\n" });
  });

  it("keeps its staged values to itself", async () => {
    const run = await host.session(staging, "one");
    run.stage("TOKEN", "canary");
    run.stage("EMPTY", "");
    await run.observe();
    const [folder = ""] = readdirSync(host.stackRun(staging)).filter((name) => name.startsWith("run."));
    const staged = join(host.stackRun(staging), folder, "secrets", "TOKEN");
    expect(readFileSync(staged, "utf8")).toBe("canary");
    expect(statSync(staged).mode & 0o777).toBe(0o600);
    expect(statSync(join(host.stackRun(staging), folder)).mode & 0o777).toBe(0o700);
    await run.end();
    expect(existsSync(staged)).toBe(false);
  });
});
