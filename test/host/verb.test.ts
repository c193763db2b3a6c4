import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { userInfo } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeDocument } from "../../model/document/writer.ts";
import { outcome, staging } from "./answer.ts";
import { LocalHost } from "./host-program.ts";

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

async function apply(document: string): Promise<string> {
  return outcome(await host.verb(staging, "directory", "apply", document));
}

async function remove(document: string): Promise<string> {
  return outcome(await host.verb(staging, "directory", "delete", document));
}

describe("a verb", { timeout: 60_000 }, () => {
  it("rejects a change without a session of its stack", async () => {
    const noSession =
      "directory: no session of aaperture/staging is open on this server, so nothing may change; " +
      "run `slipway up` or `pulumi up`, which open one\n";
    expect(await apply(directory(1))).toBe(noSession);
    const present = host.attend(staging);
    await present.observe();
    expect(await apply(directory(1))).toBe(noSession);
    await present.end();
    const other = await host.session("aaperture/production", "one");
    expect(await apply(directory(1))).toBe(noSession);
    await other.end();
    expect(existsSync(join(host.folder, "app"))).toBe(false);
  });

  it("rejects a document of another kind, and one that was cut", async () => {
    const session = await host.session(staging, "one");
    const text = writeDocument({ kind: "files", resource: "directory", body: {} }, { order: 1, attempt: "a" });
    expect(await apply(text)).toBe(
      "directory: cannot read a document of kind 'files'; run slipway again with one version on both sides\n",
    );
    expect(await apply(directory(1).slice(0, 60))).toContain("document: line");
    const empty = writeDocument({ kind: "directory", resource: "directory", body: {} }, { order: 1, attempt: "a" });
    expect(await apply(empty)).toBe(
      "document: path of directory is not a line of text; run slipway again with one version on both sides\n",
    );
    await session.end();
  });

  it("applies its document in a session, then answers unchanged with and without one", async () => {
    const session = await host.session(staging, "one");
    expect(await apply(directory(1))).toBe("applied");
    expect(statSync(join(host.folder, "app")).mode & 0o777).toBe(0o750);
    expect(await apply(directory(1))).toBe("unchanged");
    await session.end();
    expect(await apply(directory(1))).toBe("unchanged");
  });

  it("rejects an older document, and another attempt at the same order", async () => {
    const session = await host.session(staging, "one");
    expect(await apply(directory(2))).toBe("applied");
    expect(await apply(directory(1))).toContain("document 1.a of directory is older than 2.a on this server");
    expect(await apply(directory(2, "b"))).toContain("document 2.b of directory is older than 2.a on this server");
    await session.end();
  });

  it("leaves nothing of itself in the server's memory", async () => {
    const session = await host.session(staging, "one");
    session.stage("TOKEN", "canary");
    expect(await apply(directory(1))).toBe("applied");
    await session.end();
    expect(readdirSync(host.stackRun(staging))).toEqual(["verbs.lock"]);
  });

  it("writes its beginning, its end and its run into the journal", async () => {
    const session = await host.session(staging, "one");
    await apply(directory(1));
    rmSync(join(host.folder, "app"), { recursive: true });
    writeFileSync(join(host.folder, "app"), "in the way");
    expect(await apply(directory(3))).toContain("is there and is no directory; move it away (document 3.a)");
    await session.end();
    await remove(directory(1));
    const lines = readFileSync(join(host.stackState(staging), "journal"), "utf8")
      .trim()
      .split("\n");
    expect(lines.map((line) => line.replace(/^\S+ /, ""))).toEqual([
      "one directory apply begin 1.a directory",
      "one directory apply end 1.a directory",
      "one directory apply begin 3.a directory",
      "one directory apply fail 3.a directory",
      "- directory delete begin 1.a directory",
      "- directory delete end 1.a directory",
    ]);
  });
});

describe("a verb that ends early", { timeout: 60_000 }, () => {
  it.each([
    {
      what: "by its deadline",
      piece: "sleep 60",
      code: 124,
      says: "was not done within its 1 s, or a command of it had no end; look at",
    },
    {
      what: "by SIGKILL",
      piece: "kill -KILL $BASHPID",
      code: 137,
      says: "was killed; look for a lack of memory and at",
    },
  ])("reports its object and number when it is ended $what", async ({ piece, code, says }) => {
    const session = await host.session(staging, "one");
    writeFileSync(join(host.folder, "document"), directory(1));
    const ended = await host.source(
      staging,
      `directory_apply() { ${piece}; }; verb_deadline=1
       if [[ \${1-} == detached ]]; then main "$@"; else verb_apply directory <${host.folder}/document; fi`,
    );
    const object = `directory:${join(host.folder, "app")}`;
    const journal = join(host.stackState(staging), "journal");
    expect({ ...ended, stderr: ended.stderr.trim().split("\n").at(-1) }).toEqual({
      code,
      stdout: "",
      stderr: `directory: document 1.a of ${object} ${says} ${journal}, then run \`pulumi up\` again`,
    });
    await session.end();
  });
});

describe("the delete of a verb", { timeout: 60_000 }, () => {
  it("acts only for the owner, and on no object that the same run has written", async () => {
    const session = await host.session(staging, "one");
    expect(await apply(directory(1))).toBe("applied");
    expect(await remove(directory(1))).toBe("superseded");
    await session.end();
    expect(await remove(directory(1, "a", "former"))).toBe("not ours");
    expect(existsSync(join(host.folder, "app"))).toBe(true);
    expect(await remove(directory(1))).toBe("deleted");
    expect(existsSync(join(host.folder, "app"))).toBe(false);
    expect(await remove(directory(1))).toBe("not ours");
  });

  it("leaves objects that a run without the lease found unchanged, as `--replace` does", async () => {
    const session = await host.session(staging, "one");
    await apply(directory(1));
    await session.end();
    const present = host.attend(staging);
    await present.observe();
    expect(await apply(directory(1))).toBe("unchanged");
    expect(await remove(directory(1))).toBe("superseded");
    await present.end();
    expect(await remove(directory(1))).toBe("deleted");
  });

  it("leaves objects that its run declares, as after a rename of the server that a failed run began", async () => {
    const session = await host.session(staging, "one");
    await apply(directory(1));
    await session.end();
    const present = host.attend(staging);
    await present.observe();
    await present.keep(`directory:${join(host.folder, "app")}`);
    expect(await remove(directory(1))).toBe("superseded");
    expect(existsSync(join(host.folder, "app"))).toBe(true);
    await present.end();
    expect(await remove(directory(1))).toBe("deleted");
  });

  it("acts beside a run that only observes", async () => {
    const session = await host.session(staging, "one");
    await apply(directory(1));
    await session.end();
    const preview = host.attend(staging);
    await preview.observe();
    expect(await remove(directory(1))).toBe("deleted");
    await preview.end();
  });

  it("ignores the touch of a killed run", async () => {
    const session = await host.session(staging, "one");
    await apply(directory(1));
    await session.kill("SIGKILL");
    expect(await remove(directory(1))).toBe("deleted");
  });

  it("ignores the touch of a run whose connection was cut, once that run is surely dead", async () => {
    const session = await host.session(staging, "one");
    await apply(directory(1));
    session.beSilent();
    const { ended } = host.startVerb(staging, "directory", "delete", directory(1));
    const asked = (name: string): boolean => existsSync(join(host.stackRun(staging), name, "asked"));
    await host.waitUntil(() => readdirSync(host.stackRun(staging)).some(asked));
    expect(existsSync(join(host.folder, "app"))).toBe(true);
    await session.kill("SIGKILL");
    expect(outcome(await ended)).toBe("deleted");
  });

  it("waits for the lease of another stack instead of working beside it", async () => {
    const session = await host.session(staging, "one");
    await apply(directory(1));
    await session.end();
    const other = await host.session("aaperture/production", "two");
    const { said, ended } = host.startVerb(staging, "directory", "delete", directory(1));
    await host.waitUntil(() => said() === "lease: waits up to 300 s for two of aaperture/production\n");
    expect(existsSync(join(host.folder, "app"))).toBe(true);
    await other.end();
    expect(outcome(await ended)).toBe("deleted");
    expect(existsSync(join(host.folder, "app"))).toBe(false);
  });
});
