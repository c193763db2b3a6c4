import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { answerSchema } from "../../../model/session/protocol.ts";
import type { Observation } from "../../../model/facts/observation.ts";
import { onlyTheServer } from "../../../model/facts/scope.ts";
import { Attended, LocalServer, nonce, staging, waitUntil } from "./local-server.ts";

/** No engine answers in these tests. */
function env(server: LocalServer): Readonly<Record<string, string>> {
  return { TEST_SOCKET: join(server.folder, "none.sock") };
}

async function observe(run: Attended, scope: Readonly<Record<string, unknown>>): Promise<Observation> {
  const answer = answerSchema.parse(await run.ask({ do: "observe", scope: { ...onlyTheServer, ...scope } }));
  if (answer.to !== "observe") throw new Error(`answered ${answer.to}`);
  return answer.observation;
}

describe("an observation", () => {
  it("tells of the server also where the engine does not answer, before and under the lease", async () => {
    const server = new LocalServer();
    const run = server.attend(staging, env(server));
    expect((await observe(run, {})).leaseHolder).toBeUndefined();
    await run.lease("one", "one of shop/staging");
    expect(await run.end()).toMatchObject({ code: 0, stderr: "" });
    const next = await server.session("two", staging, env(server));
    const { host, leaseHolder, journal } = await observe(next, {});
    expect(host.engine).toBe("");
    expect(leaseHolder).toBe("two of shop/staging");
    expect(journal).toEqual([]);
    await next.end();
  });
});

describe("the door of a key that only observes", () => {
  const open = (server: LocalServer) => new Attended(server.start(["observe", staging, nonce], env(server)));

  it("answers for the directory of the stack's own document, whichever path is asked for", async () => {
    const server = new LocalServer();
    const run = await server.session("one");
    const observer = open(server);
    expect((await observe(observer, { directory: "/etc", clusters: { data: "../../etc" } })).directory).toBeUndefined();
    expect(await server.apply(server.directory("1.a"))).toBe("applied");
    const { directory, applied } = await observe(observer, { directory: "/etc" });
    expect(directory?.path).toBe(join(server.folder, "app"));
    expect(applied.map(({ object }) => object)).toEqual([`directory:${join(server.folder, "app")}`]);
    expect((await observer.end()).code).toBe(0);
    await run.end();
  });

  it.each([
    ["a long request", "x".repeat(70 * 1024), /a request has more than 65536 bytes/],
    ["many requests that wait", `${"x".repeat(1000)}\n`.repeat(1000), /more than 100 requests, or 131072 bytes/],
  ])("keeps no more than a little of %s (SEC-A6)", async (_, text, said) => {
    const server = new LocalServer();
    const observer = open(server);
    observer.send({ do: "observe", scope: onlyTheServer });
    observer.child.stdin.write(text);
    expect((await observer.ended).stderr).toMatch(said);
  });

  it.each(["lease", "secret", "allow", "keep", "fetch"])("rejects %s", async (word) => {
    const requests: Readonly<Record<string, object>> = {
      lease: { seconds: 1, run: "one", holder: "one", job: "" },
      secret: { name: "x", value: "eA==" },
      allow: { objects: ["files"] },
      keep: { objects: ["files"] },
      fetch: { images: ["x"] },
    };
    const server = new LocalServer();
    const observer = open(server);
    observer.send({ do: word, ...requests[word] });
    const { code, stderr } = await observer.ended;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `observe: this key only observes, got '${word}'; use a key that may deploy\n`,
    });
  });
});

const version = "run slipway again with one version on both sides";

describe("the program", () => {
  it.each([
    [["dance", staging], `slipway: knows attend, verb, observe, command, resume, got 'dance'; ${version}`],
    [["attend", "../x", nonce], "stack: '../x' is not a stack of the form project/stack"],
    [["attend", staging, "x y"], `attend: 'x y' is not a nonce of 8 to 64 letters and digits; ${version}`],
    [["verb", staging, "files", "dance"], `files: knows apply and delete, got 'dance'; ${version}`],
  ])("rejects %j", async (words, message) => {
    const { code, stderr } = await new Attended(new LocalServer().start(words)).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: `${message}\n` });
  });

  it("resumes a stack under the lease of its server, and waits for the run that has it", async () => {
    const server = new LocalServer();
    const run = await server.session("one");
    const resumed = new Attended(server.start(["resume", staging], env(server)));
    await waitUntil(() => resumed.stderr.includes("waits up to 900 s for one of shop/staging"));
    await run.end();
    expect((await resumed.ended).code).toBe(0);
  });
});
