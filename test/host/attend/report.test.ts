import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { clock } from "../../../host/progress.ts";
import { progressSchema, type Doing } from "../../../model/session/progress.ts";
import { LocalServer, nonce, production, waitUntil, type Attended } from "./local-server.ts";

/** Everything that a run was told so far of what its server does. */
function told({ stderr }: Attended): Doing[][] {
  const lines = stderr.split("\n").slice(0, -1);
  return lines.flatMap((line) =>
    line.startsWith(`${nonce} `) ? [progressSchema.parse(JSON.parse(line.slice(nonce.length))).progress] : [],
  );
}

/** A verb that shows what it does, without a process of its own. */
function show(server: LocalServer, name: string, pid: number): void {
  const folder = join(server.runFolder(), "work");
  mkdirSync(folder, { recursive: true });
  const work = { pid, what: name, since: clock() - 3000, waits: "waits for the test", done: [] };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(work));
}

describe("what a run is told while it asks nothing", () => {
  it("is what its verbs do, each second, but not one that was killed", async () => {
    const server = new LocalServer();
    const run = await server.session("one");
    show(server, "gate", process.pid);
    show(server, "killed", spawnSync("true").pid);
    writeFileSync(join(server.runFolder(), "work", "cut.json"), '{"pid":');
    await waitUntil(() => told(run).length > 1);
    expect(told(run)[0]).toMatchObject([{ what: "gate", waits: "waits for the test" }]);
    const [first, second] = told(run).map(([doing]) => Math.floor(doing?.seconds ?? 0));
    expect(second).toBe((first ?? 0) + 1);
    expect((await run.end()).code).toBe(0);
  });

  it("is who holds the lease for which it waits, and then that nothing is done", async () => {
    const server = new LocalServer();
    const first = await server.session("one");
    const second = server.attend(production);
    const leased = second.lease("two", "two of production", 60);
    await waitUntil(() => told(second).length > 0);
    expect(told(second)[0]).toMatchObject([
      { what: "session", waits: "waits for the lease, which one of shop/staging holds" },
    ]);
    await first.end();
    await leased;
    await waitUntil(() => told(second).at(-1)?.length === 0);
    expect((await second.end()).code).toBe(0);
  });

  it("is nothing while nothing is done", async () => {
    const server = new LocalServer();
    const run = await server.session("one");
    expect((await run.end()).stderr).toBe("");
  });
});
