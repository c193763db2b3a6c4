import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Lock } from "../../../host/lock.ts";
import { LocalServer, production, staging, waitUntil } from "./local-server.ts";

/** A server with a verb that has stopped at its beginning, in the run "one" of staging. */
async function stoppedVerb() {
  const server = new LocalServer();
  const run = await server.session("one");
  const verb = server.verb("apply", server.directory("1.a"), staging, { TEST_STOPS_AT: "directory begin" });
  await verb.stops();
  return { server, run, verb, isMade: () => existsSync(join(server.folder, "app")) };
}

describe("a verb", () => {
  it("rejects every change without a session of its stack", async () => {
    const server = new LocalServer();
    const noSession =
      "directory: no session of shop/staging is open on this server, so nothing may change; " +
      "run `slipway up` or `pulumi up`, which open one\n";
    expect(await server.apply(server.directory("1.a"))).toBe(noSession);
    const present = server.attend();
    await present.answer("start");
    expect(await server.apply(server.directory("1.a"))).toBe(noSession);
    await present.end();
    const other = await server.session("one", production);
    expect(await server.apply(server.directory("1.a"))).toBe(noSession);
    await other.end();
    expect(existsSync(join(server.folder, "app"))).toBe(false);
  });

  it("applies its document in a session, then answers unchanged, and leaves no trace", async () => {
    const server = new LocalServer();
    const run = await server.session("one");
    run.stage("TOKEN", "canary");
    expect(await server.apply(server.directory("1.a"))).toBe("applied");
    expect(statSync(join(server.folder, "app")).mode & 0o777).toBe(0o750);
    expect(await server.apply(server.directory("1.a"))).toBe("unchanged");
    await run.end();
    expect(await server.apply(server.directory("1.a"))).toBe("unchanged");
    expect(server.memory()).toEqual([]);
  });

  it("writes its beginning, its end and its run into the journal, and its words into the log", async () => {
    const server = new LocalServer();
    const run = await server.session("one");
    await server.apply(server.directory("1.a"));
    rmSync(join(server.folder, "app"), { recursive: true });
    writeFileSync(join(server.folder, "app"), "in the way");
    const refused = await server.apply(server.directory("3.a"));
    expect(refused).toContain("exists and is not a directory (document 3.a); move it away");
    await run.end();
    await server.delete(server.directory("1.a"));
    const lines = server
      .state()
      .journalLines(20)
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(lines.map(({ run: by, action, step, number }) => `${by} ${action} ${step} ${number}`)).toEqual([
      "one apply begin 1.a",
      "one apply end 1.a",
      "one apply begin 3.a",
      "one apply fail 3.a",
      "- delete begin 1.a",
      "- delete end 1.a",
    ]);
    expect(server.log()).toContain(refused);
  });

  it("rejects a word that is no verb, and a document that is cut", async () => {
    const server = new LocalServer();
    const outcomeOf = (text: string) => server.verb("apply", text).outcome();
    expect(await outcomeOf("kind: 'dance'")).toBe(
      "slipway: there is no verb 'dance'; run slipway again with one version on both sides\n",
    );
    expect(await outcomeOf(server.directory("1.a").slice(0, 60))).toContain("directory: the document is cut");
  });

  it("goes on after SIGHUP when nobody reads its outputs any more, and ends (F2)", async () => {
    const { server, run, verb, isMade } = await stoppedVerb();
    verb.child.stdout.destroy();
    verb.child.stderr.destroy();
    verb.child.kill("SIGHUP");
    verb.goOn();
    expect((await verb.ended).code).toBe(0);
    expect(isMade()).toBe(true);
    await run.end();
    expect(server.state().journalLines(9)).toHaveLength(2);
  });

  it("that was killed holds up nobody: the next run tells so and applies the document again (F1)", async () => {
    const server = new LocalServer();
    const run = await server.session("one");
    const killed = server.verb("apply", server.directory("1.a"), staging, { TEST_DIES_AT: "directory begin" });
    expect((await killed.ended).code).toBeNull();
    await run.end();
    const next = await server.session("two");
    expect(next.stderr).toBe(
      "directory: the verb of document 1.a of directory was killed at 'begin' in an earlier run; " +
        "see in `journalctl -k` whether the server ran out of memory\n",
    );
    expect(await server.apply(server.directory("2.a"))).toBe("applied");
    await next.end();
    expect(await (await server.session("three")).end()).toMatchObject({ stderr: "" });
  });
});

describe("verbs of a run whose connection was cut", () => {
  it("are waited for by that run, which still holds the lease (SEC-B2, F138)", async () => {
    const { server, run, verb, isMade } = await stoppedVerb();
    run.beSilent();
    run.child.stdin.end();
    await waitUntil(() => run.stderr.includes("session: waits for a verb that is still at work"));
    await expect(server.session("two", production)).rejects.toThrow("lease is held by one of shop/staging");
    expect(isMade()).toBe(false);
    verb.goOn();
    expect(await verb.outcome()).toBe("applied");
    expect((await run.ended).code).toBe(0);
    await (await server.session("three", production)).end();
  });

  it("are waited for by a session of another stack, if that run was killed (SEC-B2, F138)", async () => {
    const { server, run, verb, isMade } = await stoppedVerb();
    await run.kill("SIGKILL");
    const other = server.attend(production);
    const leased = other.lease("two", "two of production", 30);
    await waitUntil(() => other.stderr.includes("session: waits for a verb that is still at work"));
    expect(isMade()).toBe(false);
    verb.goOn();
    await leased;
    expect(isMade()).toBe(true);
    expect(await verb.outcome()).toBe("applied");
    await other.end();
  });

  it("reject the next session, if that does not wait long enough", async () => {
    const { server, run, verb } = await stoppedVerb();
    await run.kill("SIGKILL");
    await expect(server.session("two", production)).rejects.toThrow(
      `session: a verb is still running after 1 s; look at ${server.places.state}/stacks/*/journal`,
    );
    verb.goOn();
    await verb.ended;
    await (await server.session("three", production)).end();
  });
});

describe("a server", () => {
  it("has three verbs at work at most, and the fourth says that it waits", async () => {
    const server = new LocalServer();
    const run = await server.session("one");
    const slots = await Promise.all([1, 2, 3].map((n) => Lock.take(join(server.places.run, `verb-slot-${n}.lock`))));
    const verb = server.verb("apply", server.directory("1.a"));
    await waitUntil(() => verb.stderr === "directory: waits, since three verbs are at work on this server\n");
    expect(existsSync(join(server.folder, "app"))).toBe(false);
    slots[1]?.[Symbol.dispose]();
    expect((await verb.ended).code).toBe(0);
    for (const slot of [slots[0], slots[2]]) slot?.[Symbol.dispose]();
    await run.end();
  });
});
