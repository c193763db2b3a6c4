import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LocalServer, production, staging, waitUntil } from "./local-server.ts";

describe("the lease of a server", () => {
  it("is held by one run, and another stack gets the name of its holder (F91, F92)", async () => {
    const server = new LocalServer();
    const first = await server.session("one");
    await expect(server.session("two", production)).rejects.toThrow(
      "lease: this server's lease is held by one of shop/staging; wait for that run, or end it",
    );
    expect((await first.end()).code).toBe(0);
  });

  it("is free at once when its holder is killed (F94)", async () => {
    const server = new LocalServer();
    const first = await server.session("one");
    await first.kill("SIGKILL");
    const second = await server.session("two", production);
    expect((await second.end()).code).toBe(0);
  });

  it("goes to the run that waits for it, which hears who has it", async () => {
    const server = new LocalServer();
    const first = await server.session("one");
    const second = server.attend(production);
    const leased = second.lease("two", "two of production", 30);
    await waitUntil(() => second.stderr.includes("lease: waits up to 30 s for one of shop/staging"));
    await first.end();
    await leased;
    expect((await second.end()).code).toBe(0);
  });

  it("has no waiting run any longer when that run is gone", async () => {
    const server = new LocalServer();
    const first = await server.session("one");
    const second = server.attend(production);
    second.send({ do: "lease", run: "two", holder: "two", seconds: 600, job: "" });
    await waitUntil(() => second.stderr.includes("lease: waits up to 600 s"));
    expect(await second.cut()).toMatchObject({ code: 1 });
    await first.end();
  });

  it("is not needed for an observation: two runs of one stack are there at the same time", async () => {
    const server = new LocalServer();
    const runs = [server.attend(), server.attend()];
    await Promise.all(runs.map((run) => run.answer("start")));
    expect(server.memory()).toHaveLength(2);
    await Promise.all(runs.map((run) => run.end()));
    expect(server.memory()).toEqual([]);
    expect(existsSync(server.stackState())).toBe(false);
  });
});

describe("a run", () => {
  it("is told the start, an answer to each request and the end, each line with its nonce (SEC-B8, F9)", async () => {
    const server = new LocalServer();
    const run = await server.session("one");
    await run.ask({ do: "allow", objects: ["files"] });
    await run.ask({ do: "keep", objects: ["directory"] });
    await run.ask({ do: "fetch", images: [] });
    expect(await run.ask({ do: "health", objects: [] })).toEqual({ to: "health", ill: [], phases: {} });
    const { code, stdout, stderr } = await run.end();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.trim().replace(',"ill":[],"phases":{}', "").split("\n")).toEqual(
      ["start", "lease", "allow", "keep", "fetch", "health", "end"].map((to) => `0123456789abcdef {"to":"${to}"}`),
    );
  });

  it("is recorded as done only if it said that it ends, or found all well at last; a killed one failed", async () => {
    const server = new LocalServer();
    await (await server.session("ended")).end();
    await (await server.session("cut")).cut();
    const refused = await server.session("refused");
    refused.send({ do: "end", why: "the run was refused" });
    await refused.cut();
    const well = await server.session("well");
    await well.ask({ do: "health", objects: [] });
    await well.cut();
    const lines = readFileSync(join(server.stackState(), "records"), "utf8");
    const verdicts = ["ended", "cut", "refused", "well"].map((run) =>
      lines
        .split("\n")
        .flatMap((line) => (line.includes(`"run":"${run}"`) ? (/"verdict":"(\w+)"/.exec(line)?.[1] ?? []) : [])),
    );
    expect(verdicts).toEqual([
      ["begun", "done"],
      ["begun", "failed"],
      ["begun", "failed"],
      ["begun", "done"],
    ]);
    expect(lines).toContain("the run ended before everything was applied");
    expect(lines).toContain("the run was refused");
  });

  it("leaves no trace when its connection ends, and a killed one leaves none after the next run (SEC-C9)", async () => {
    const server = new LocalServer();
    const killed = await server.session("one");
    killed.stage("TOKEN", "canary");
    await killed.ask({ do: "keep", objects: [] });
    await killed.kill("SIGKILL");
    expect(readFileSync(join(server.runFolder(), "secrets", "TOKEN"), "utf8")).toBe("canary");
    const preview = server.attend(production);
    await preview.answer("start");
    expect(server.memory()).toEqual([]);
    await preview.cut();
    expect(server.memory(production)).toEqual([]);
  });

  it("keeps its staged values to itself, and who it is for the verbs", async () => {
    const server = new LocalServer();
    const run = await server.session("one");
    run.stage("TOKEN", "canary");
    run.stage("EMPTY", "");
    await run.ask({ do: "keep", objects: [] });
    const folder = server.runFolder();
    const staged = join(folder, "secrets", "TOKEN");
    expect(readFileSync(staged, "utf8")).toBe("canary");
    expect(statSync(staged).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(join(folder, "session"), "utf8"))).toEqual({
      run: "one",
      holder: "one of shop/staging",
      job: "",
    });
    await run.cut();
    expect(existsSync(staged)).toBe(false);
  });

  it("ends by itself after a while without a sign of life, and frees the lease", async () => {
    const server = new LocalServer();
    const run = await server.session("one", staging, { TEST_SILENCE: "1" });
    run.beSilent();
    const { code, stderr, stdout } = await run.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "attend: ends, since nothing was heard for 1 s\n" });
    expect(stdout).toContain('{"to":"end"}');
    await (await server.session("two", production)).end();
  });

  it("goes on after SIGHUP, and ends by itself when nobody reads its answers any more (F2)", async () => {
    const server = new LocalServer();
    const run = await server.session("one");
    run.child.kill("SIGHUP");
    run.child.stdout.destroy();
    run.child.stderr.destroy();
    run.send({ do: "keep", objects: ["files"] });
    await waitUntil(() => existsSync(join(server.runFolder(), "touched")));
    await run.cut();
    expect(server.memory()).toEqual([]);
  });

  it.each([
    ["a line that is no JSON", "dance"],
    ["a request that it does not know", '{"do":"dance"}'],
    ["a request that lacks something", '{"do":"secret","name":"TOKEN","value":"canary!"}'],
  ])("rejects %s with the versions, without its text, and ends", async (_what, line) => {
    const server = new LocalServer();
    const run = await server.session("one");
    run.child.stdin.write(`${line}\n`);
    const { code, stdout, stderr } = await run.ended;
    expect(code).toBe(1);
    expect(run.answers.at(-2)?.message).toMatch(
      /^attend: cannot read a request of the run.*; this server's end is 'start.ts' on Node 24\.\d+\.\d+, so run/,
    );
    expect(stdout + stderr).not.toMatch(/canary|dance/);
    expect(run.answers.at(-1)).toEqual({ to: "end" });
  });

  it("rejects a secret whose name leads out of its folder", async () => {
    const run = new LocalServer().attend();
    run.stage("../../x", "x");
    await expect(run.answer("end")).rejects.toThrow("session: '../../x' is not the name of a secret");
  });
});
