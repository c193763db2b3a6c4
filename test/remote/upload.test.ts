import { gunzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { onlyTheServer } from "../../model/facts/scope.ts";
import { answers, StubSsh } from "./stub-ssh.ts";

/** A script that needs something, and keeps what it gets: the line before the bytes, and the bytes. */
const need = (line: string, file: string): string =>
  [
    `say '${line}'`,
    `read -r bytes sum || exit 3`,
    `echo "$bytes $sum" >"$folder/${file}.line"`,
    `head -c "$bytes" >"$folder/${file}"`,
  ].join("\n");

const runtimeNeed = (fields = {}): string =>
  JSON.stringify({ need: "runtime", machine: "x86_64", libc: "glibc 2.41", free: "9000000", ...fields });
const programNeed = '{"need":"program"}';

describe("a server that lacks runtime and program", () => {
  it("gets both, and no other byte before the program runs", async () => {
    const ssh = new StubSsh([need(runtimeNeed(), "runtime"), need(programNeed, "program"), answers].join("\n"));
    const client = ssh.client();
    await client.observe(onlyTheServer);
    await client.close();
    expect(ssh.lines("runtime")).toEqual(["node for x64"]);
    expect(ssh.lines("runtime.line")).toEqual(["12 4567ef"]);
    expect(gunzipSync(readFileSync(join(ssh.folder, "program"))).toString()).toBe("program\n");
    expect(ssh.lines("program.line")).toEqual([expect.stringMatching(/^\d+ 0123abcd$/)]);
    expect(ssh.requests().map((request) => request.do)).toEqual(["observe", "end"]);
    expect(ssh.said).toEqual(["runtime: uploads Node 24.0.0 to 192.0.2.1, 0 MB, once"]);
  });

  it("gets the runtime of its own architecture", async () => {
    const ssh = new StubSsh([need(runtimeNeed({ machine: "aarch64" }), "runtime"), answers].join("\n"));
    const client = await ssh.started();
    await client.close();
    expect(ssh.lines("runtime")).toEqual(["node for arm64"]);
  });

  it("gets an upload that is larger than every buffer on the way, byte by byte", async () => {
    const packed = Buffer.alloc(20_000_000, 7);
    const ssh = new StubSsh([need(runtimeNeed(), "runtime"), answers].join("\n"));
    const source = { version: "24.0.0", get: () => Promise.resolve({ packed, sha256: "4567ef" }) };
    const client = ssh.client({ source });
    await client.ready();
    await client.close();
    expect(readFileSync(join(ssh.folder, "runtime")).equals(packed)).toBe(true);
  });

  it("rejects with the reason of a server that ends in the middle of an upload (F144)", async () => {
    const ssh = new StubSsh(
      `say '${runtimeNeed()}'; read -r line; head -c 9 >/dev/null; echo 'disk: full' >&2; exit 1`,
    );
    const source = { version: "24.0.0", get: () => Promise.resolve({ packed: Buffer.alloc(20_000_000), sha256: "1" }) };
    const client = ssh.client({ source });
    await expect(client.ready()).rejects.toThrow(/disk: full/);
    await client.close();
  });

  it("rejects with the server's words an upload whose sum is wrong there (F144)", async () => {
    const refused = `say '{"to":"error","message":"runtime: is not as it was sent"}'`;
    const ssh = new StubSsh([need(runtimeNeed(), "runtime"), refused].join("\n"));
    const client = ssh.client();
    await expect(client.ready()).rejects.toThrow("runtime: is not as it was sent");
    await client.close();
  });
});

describe("a server on which the runtime cannot work", () => {
  test.each([
    ["of another processor", { machine: "armv7l" }, "the server's processor is 'armv7l'"],
    ["with musl (F20)", { libc: "" }, "the server has no glibc, which the runtime needs"],
    ["with an old glibc", { libc: "glibc 2.17" }, "the server's glibc is 2.17, and the runtime needs 2.28"],
    ["with an older major version", { libc: "glibc 1.99" }, "the server's glibc is 1.99"],
    ["with a full disk", { free: "399999" }, "the server has 399 MB free for /var/lib/slipway"],
    ["that does not know its disk", { free: "" }, "the server has 0 MB free"],
  ])("rejects one %s before anything is sent", async (_, fields, message) => {
    const ssh = new StubSsh([need(runtimeNeed(fields), "runtime"), answers].join("\n"));
    const client = ssh.client();
    await expect(client.ready()).rejects.toThrow(message);
    await client.close();
    expect(ssh.lines("runtime.line")).toEqual([]);
  });

  test.each(["glibc 2.28", "glibc 2.41", "glibc 3.0"])("accepts %s", async (libc) => {
    const ssh = new StubSsh([need(runtimeNeed({ libc, free: "400000" }), "runtime"), answers].join("\n"));
    const client = await ssh.started();
    await client.close();
    expect(ssh.lines("runtime")).toEqual(["node for x64"]);
  });
});
