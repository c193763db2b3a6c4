import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../hosts/condition.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import type { PulumiProcess } from "../../pulumi/pulumi-process.ts";
import { closeRunFolder, openRunFolder } from "../../pulumi/run-folder.ts";
import { leftovers, overlaps, Site, VerbBrake } from "./site.ts";

let started: TestServers;
let server: TestServer;
let second: TestServer;
let brake: VerbBrake;
let site: Site;
const folder = openRunFolder();
/** A run waits for the lease of staging, which its attending process holds until every verb of its run has ended. */
const waitsForStaging = /waits up to 90 s for \w+ of aaperture\/staging/;

beforeAll(async () => {
  started = await startServers(2);
  const [one, two] = started.servers;
  if (one === undefined || two === undefined) throw new Error("there are no two servers");
  [server, second] = [one, two];
  brake = new VerbBrake(server);
  site = new Site(folder, "aaperture/staging", started, [server]);
});

afterAll(async () => {
  await started.stop();
  closeRunFolder(folder);
});

afterEach(async () => {
  await Promise.all([brake.release(), brake.mend(), server.restoreNetwork()]);
  await eventually("nothing stays locked", 60, async () => ((await leftovers(server)) === "" ? true : undefined));
  expect(overlaps(await site.journal(server))).toEqual([]);
});

async function directories(): Promise<string> {
  const { stdout } = await server.exec(["bash", "-c", "cd /srv/aaperture/staging && stat -c '%n %a' *"]);
  return stdout;
}

/** Expects that a further `up` repairs everything. */
async function expectConverges(): Promise<void> {
  const converging = await site.up();
  expect(converging.exitCode, converging.output).toBe(0);
  expect(await directories()).toBe("one 750\nthree 750\ntwo 750\n");
}

/** Expects that a further `up` finds nothing to do. */
async function expectNothingToDo(): Promise<void> {
  const again = await site.up();
  expect(again.events.changes, again.output).toEqual({ same: 4 });
  expect(await directories()).toBe("one 750\nthree 750\ntwo 750\n");
}

/** Expects that the verb of the ended run goes on, and that a further `up` waits for it and for its settlement. */
async function expectNextWaits(): Promise<void> {
  await site.unlock();
  const next = await site.start();
  await eventually("the next run waits", 60, () => Promise.resolve(waitsForStaging.test(next.output) || undefined));
  await brake.release();
  expect((await next.finished).exitCode).toBe(0);
  await expectNothingToDo();
}

/** Ends a run, unless Pulumi has found out by itself that the server is gone. */
function endIfAlive(running: PulumiProcess): void {
  try {
    running.kill("SIGKILL");
  } catch {
    // it has ended
  }
}

/** Causes work for all three verbs. */
async function causeChanges(): Promise<void> {
  await server.exec([
    "bash",
    "-c",
    "mkdir -p /srv/aaperture/staging/{one,two,three} && chmod 700 /srv/aaperture/staging/*",
  ]);
}

/** Starts a run that has work to do, and is held in its first verb until the brake is released. */
async function startHeld(): Promise<PulumiProcess> {
  await causeChanges();
  await brake.pull();
  const running = await site.start();
  await brake.untilHeld();
  return running;
}

describe("the end of a run", () => {
  test("is normal, and the next one changes nothing and takes no lease", async () => {
    const first = await site.up();
    expect(first.exitCode, first.output).toBe(0);
    const journal = await site.journal(server);
    expect(journal.map(({ action, step, resource }) => `${action} ${step} ${resource}`)).toEqual([
      "apply begin one-0",
      "apply end one-0",
      "apply begin two-0",
      "apply end two-0",
      "apply begin three-0",
      "apply end three-0",
    ]);
    await expectNothingToDo();
    expect(await site.journal(server)).toEqual(journal);
  });

  test("may be a verb that fails", async () => {
    await causeChanges();
    await brake.break();
    const failed = await site.up();
    expect(failed.exitCode).toBe(1);
    expect(failed.events.said("one-0", "error")).toContain("the disk is broken");
    await brake.mend();
    await expectConverges();
  });

  test("may be a program that throws", async () => {
    await causeChanges();
    const failed = await site.up({ throws: true });
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toContain("the program falls over");
    await expectConverges();
  });

  test("may be one Ctrl-C: the verb finishes", async () => {
    const running = await startHeld();
    running.pressControlC();
    await brake.release();
    expect((await running.finished).exitCode).not.toBe(0);
    await expectConverges();
  });

  test("may be two Ctrl-C: the verb goes on, and the next run waits for it (F2)", async () => {
    const running = await startHeld();
    running.pressControlC();
    await eventually("pulumi heard it", 20, () =>
      Promise.resolve(/cancel|interrupt|\^C/i.test(running.output) || undefined),
    );
    running.pressControlC();
    expect((await running.finished).exitCode).not.toBe(0);
    await expectNextWaits();
  });

  test("may be a SIGKILL of pulumi (F85, F94)", async () => {
    const running = await startHeld();
    running.kill("SIGKILL");
    await running.finished;
    await expectNextWaits();
  });

  test("may be a cut network: the verb ends by itself, and silence ends the session (F1, F2, F3)", async () => {
    const running = await startHeld();
    await server.cutNetwork();
    await brake.release();
    await eventually("the lease is free", 90, async () => ((await leftovers(server)) === "" ? true : undefined));
    expect((await site.journal(server)).at(-1)?.step).toBe("end");
    endIfAlive(running);
    expect((await running.finished).exitCode).not.toBe(0);
    await server.restoreNetwork();
    await site.unlock();
    await expectConverges();
    await expectNothingToDo();
  });
});

describe("a delete", () => {
  test("leaves an object that was renamed, or replaced in the same run", async () => {
    await expectConverges();
    const { one, two, three } = site.directories;
    const renamed = { uno: one ?? "", two: two ?? "", three: three ?? "" };
    const result = await site.up({ directories: renamed });
    expect(result.exitCode, result.output).toBe(0);
    expect(result.events.steps("one-0")).toEqual(["delete"]);
    expect(await directories()).toBe("one 750\nthree 750\ntwo 750\n");
    const urn = site.workspace.state().resource("uno-0").urn;
    const replaced = await site.up({ directories: renamed, words: ["--replace", urn] });
    expect(replaced.exitCode, replaced.output).toBe(0);
    expect(replaced.events.steps("uno-0")).toContain("delete-replaced");
    expect(await directories()).toBe("one 750\nthree 750\ntwo 750\n");
    await expectConverges();
  });

  test("removes the object of a resource that left the program, as `destroy` does", async () => {
    const { one = "", two = "" } = site.directories;
    const fewer = await site.up({ directories: { one, two } });
    expect(fewer.exitCode, fewer.output).toBe(0);
    expect(await directories()).toBe("one 750\ntwo 750\n");
    const destroyed = await site.destroy();
    expect(destroyed.exitCode, destroyed.output).toBe(0);
    expect((await server.exec(["ls", "/srv"])).stdout).toBe("");
    await expectConverges();
  });
});

describe("two stacks", () => {
  test("on one server run one after the other, and the second names the first (F91, F92)", async () => {
    const other = new Site(folder, "aaperture/production", started, [server]);
    const first = await startHeld();
    const waiting = await other.start();
    await eventually("the second waits", 60, () => Promise.resolve(waitsForStaging.test(waiting.output) || undefined));
    expect(await other.journal(server)).toEqual([]);
    await brake.release();
    const results = await Promise.all([first.finished, waiting.finished]);
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(overlaps(await other.journal(server))).toEqual([]);
  });

  test.each([
    { what: "was cut off", cut: "sshd-session", waits: waitsForStaging },
    {
      what: "lost its attending process",
      cut: "[a]ttend aaperture/staging ",
      waits: /waits for a verb that is still at work/,
    },
  ])("on one server wait for a verb whose run $what (F138, SEC-B2)", async ({ cut, waits }) => {
    const other = new Site(folder, "shop/production", started, [server]);
    const before = (await other.journal(server)).length;
    const first = await startHeld();
    await server.exec(["pkill", "-KILL", "--full", cut]);
    const waiting = await other.start({ directories: { one: `/srv/shop/${before}` } });
    await eventually("the second waits", 60, () => Promise.resolve(waits.test(waiting.output) || undefined));
    expect(await other.journal(server)).toHaveLength(before);
    await brake.release();
    expect((await waiting.finished).exitCode).toBe(0);
    const [begun] = (await other.journal(server)).slice(before);
    const ended = (await site.journal(server)).findLast(({ resource }) => resource === "one-0");
    expect(ended?.step).toBe("end");
    expect(begun && ended && begun.time > ended.time).toBe(true);
    endIfAlive(first);
    expect((await first.finished).exitCode).not.toBe(0);
    await site.unlock();
    await expectConverges();
  });

  test("on two servers each never wait for each other for ever", async () => {
    const [left, right] = ["left", "right"].map((name) => new Site(folder, `pair/${name}`, started, [server, second]));
    const results = await Promise.all([left?.up(), right?.up()]);
    expect(results.map((result) => result?.exitCode)).toEqual([0, 0]);
    expect(await leftovers(second)).toBe("");
    expect((await second.exec(["ls", "/srv/pair"])).stdout).toBe("left\nright\n");
  });
});
