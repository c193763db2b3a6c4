import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { userInfo } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeDocument } from "../../model/document.ts";
import { LocalHost } from "./host-program.ts";

const staging = "aaperture/staging";
let host: LocalHost;

beforeEach(() => {
  host = new LocalHost();
});
afterEach(() => {
  host.remove();
});

function directory(order: number, attempt = "a", resource = "directory"): string {
  const body = { path: join(host.folder, "app"), owner: userInfo().username, mode: "0750" };
  return writeDocument({ kind: "directory", resource, body }, { order, attempt });
}

function outcome(stdout: string): unknown {
  return stdout === "" ? undefined : (JSON.parse(stdout) as { outcome: unknown }).outcome;
}

async function apply(document: string): Promise<unknown> {
  const { code, stdout, stderr } = await host.run(["directory", staging, "apply"], document);
  return code === 0 ? outcome(stdout) : stderr;
}

async function remove(document: string): Promise<unknown> {
  return outcome((await host.run(["directory", staging, "delete"], document)).stdout);
}

describe("a verb", () => {
  it("rejects to change a server without a session of its stack", async () => {
    expect(await apply(directory(1))).toBe(
      "directory: no session of aaperture/staging is open on this server, so nothing may change; run `slipway up` or `pulumi up`, which open one\n",
    );
    expect(existsSync(join(host.folder, "app"))).toBe(false);
  });

  it("applies its document in a session, then answers unchanged with and without one", async () => {
    const { child, ended } = await host.session(staging, "one");
    expect(await apply(directory(1))).toBe("applied");
    expect(statSync(join(host.folder, "app")).mode & 0o777).toBe(0o750);
    expect(await apply(directory(1))).toBe("unchanged");
    child.stdin.end();
    await ended;
    expect(await apply(directory(1))).toBe("unchanged");
  });

  it("rejects an older document, and another attempt at the same order", async () => {
    const { child, ended } = await host.session(staging, "one");
    expect(await apply(directory(2))).toBe("applied");
    expect(await apply(directory(1))).toContain("document 1.a of directory is older than 2.a on this server");
    expect(await apply(directory(2, "b"))).toContain("document 2.b of directory is older than 2.a on this server");
    child.stdin.end();
    await ended;
  });

  it("deletes only for the owner, and nothing that the same run has written", async () => {
    const first = await host.session(staging, "one");
    expect(await apply(directory(1))).toBe("applied");
    expect(await remove(directory(1))).toBe("superseded");
    first.child.stdin.end();
    await first.ended;
    expect(await remove(directory(1, "a", "former"))).toBe("not ours");
    expect(existsSync(join(host.folder, "app"))).toBe(true);
    expect(await remove(directory(1))).toBe("deleted");
    expect(existsSync(join(host.folder, "app"))).toBe(false);
  });

  it("leaves nothing of itself among what lives in memory", async () => {
    const { child, ended } = await host.session(staging, "one");
    child.stdin.write(`secret TOKEN ${Buffer.from("canary").toString("base64")}\n`);
    expect(await apply(directory(1))).toBe("applied");
    child.stdin.end();
    await ended;
    expect(readdirSync(join(host.folder, "run", "stacks", "aaperture@staging")).sort()).toEqual([
      "session.lock",
      "verbs.lock",
    ]);
  });
});

describe("the lease of a server", () => {
  it("is held by one session; another stack is told who holds it (F91, F92)", async () => {
    const { child, ended } = await host.session(staging, "one");
    const { ended: refused } = await host.session("aaperture/production", "two");
    expect((await refused).stderr).toContain("this server's lease is held by one of aaperture/staging");
    child.stdin.end();
    expect((await ended).code).toBe(0);
  });

  it("is free at once when its holder is killed (F94)", async () => {
    const first = await host.session(staging, "one");
    first.child.kill("SIGKILL");
    await first.ended;
    const second = await host.session("aaperture/production", "two");
    second.child.stdin.end();
    expect((await second.ended).stdout).toBe("session open two\n");
  });
});
