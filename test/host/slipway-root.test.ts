import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { needSchema } from "../../model/session/protocol.ts";

const script = new URL("../../host/prepare/slipway-root", import.meta.url);
const nonce = "0123456789abcdef";
const version = "24.21.0";
const runtime = '#!/bin/sh\necho "$0" "$@"\nenv\nexec cat\n';
const program = "// the program\n";
const sum = sumOf(program);
const words = ["attend", "shop/staging", version, sum, nonce];
const machine = process.arch === "x64" ? "x64" : "arm64";

function sumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The script with its folder in a place that goes with the test. */
class Server {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-root-"));
  readonly state = join(this.folder, "slipway");
  readonly runtime = join(this.state, "runtime", `node-${version}-${machine}`, "node");
  readonly program = join(this.state, "program", `${sum}.cjs`);
  readonly #text = readFileSync(script, "utf8").replaceAll("/var/lib/slipway", this.state);

  constructor() {
    onTestFinished(() => rmSync(this.folder, { recursive: true }));
  }

  install(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, 0o755);
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Client {
    return new Client(this.#text, args, env);
  }

  async run(args: readonly string[], stdin = ""): Promise<string> {
    const client = this.start(args);
    client.child.stdin.end(stdin);
    return await client.ended;
  }

  /** Everything that the script left in its folder. */
  files(): string[] {
    const all = readdirSync(this.state, { recursive: true, withFileTypes: true });
    return all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  }
}

/** The other end of the script's connection. */
class Client {
  readonly child;
  readonly ended: Promise<string>;
  stdout = "";

  constructor(text: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.child = spawn("sh", ["-c", text, "slipway-root", ...args], { env: { PATH: process.env["PATH"], ...env } });
    this.child.stdin.on("error", () => undefined);
    let stderr = "";
    this.child.stdout.setEncoding("utf8").on("data", (more: string) => (this.stdout += more));
    this.child.stderr.setEncoding("utf8").on("data", (more: string) => (stderr += more));
    this.ended = new Promise((resolve) => {
      this.child.once("close", (code) => resolve(`${code ?? "killed"} ${this.stdout}${stderr}`));
    });
    onTestFinished(() => void this.child.kill("SIGKILL"));
  }

  async needs(what: "runtime" | "program"): Promise<string> {
    await vi.waitUntil(() => this.stdout.includes(`{"need":"${what}"`), { timeout: 5_000, interval: 10 });
    return this.stdout;
  }

  upload(text: string, { sum = sumOf(text), cut = 0 } = {}): void {
    const bytes = gzipSync(text);
    this.child.stdin.write(`${bytes.length} ${sum}\n`);
    this.child.stdin.write(bytes.subarray(0, bytes.length - cut));
  }
}

describe("slipway-root attend", () => {
  it("asks for runtime and program with the nonce, installs them whole, and runs them (F9, F144)", async () => {
    const server = new Server();
    const client = server.start(words, { SECRET: "canary" });
    const need = needSchema.parse(JSON.parse((await client.needs("runtime")).replace(`${nonce} `, "")));
    expect(need).toMatchObject({ need: "runtime", machine: machine === "x64" ? "x86_64" : "aarch64" });
    expect(JSON.stringify(need)).toMatch(/"libc":"glibc 2\.\d+","free":"\d+"/);
    client.upload(runtime);
    expect(await client.needs("program")).toContain(`\n${nonce} {"need":"program"}\n`);
    client.upload(program);
    client.child.stdin.end('{"do":"end"}\n');
    const said = await client.ended;
    expect(said).toMatch(/^0 /);
    expect(said).toContain(`${server.runtime} ${server.program} attend shop/staging ${nonce}\n`);
    expect(said).toContain('{"do":"end"}\n');
    expect(said).toContain("HOME=/root\n");
    expect(said).not.toContain("canary");
    expect(readFileSync(server.program, "utf8")).toBe(program);
    expect([server.runtime, server.program].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
    expect(server.files().sort()).toEqual([server.program, server.runtime].sort());
    expect(statSync(server.state).mode & 0o777).toBe(0o700);
  });

  it("asks for nothing that is there, also for a command, whose words are not among its own", async () => {
    const server = new Server();
    server.install(server.runtime, runtime);
    server.install(server.program, program);
    expect(await server.run(words)).not.toContain("need");
    expect(await server.run(["command", ...words.slice(1)], "typed\n")).toMatch(/ command shop.staging \w+\n[^]*typed/);
  });

  it.each([
    ["was cut", { cut: 10 }, "was cut, or the disk is full"],
    ["was altered", { sum: "0".repeat(64) }, "was altered on its way"],
  ])("runs no runtime that %s, and leaves nothing of it (F144)", async (_what, how, message) => {
    const server = new Server();
    const client = server.start(words);
    await client.needs("runtime");
    client.upload(runtime, how);
    client.child.stdin.end();
    expect(await client.ended).toMatch(new RegExp(`^1 [^]*slipway: the upload of ${server.runtime} ${message}`));
    expect(server.files()).toEqual([]);
  });

  it("rejects another program than the one in its words", async () => {
    const server = new Server();
    server.install(server.runtime, runtime);
    const client = server.start(words);
    await client.needs("program");
    client.upload("// another");
    expect(await client.ended).toContain(`slipway: was asked for the program ${sum}, and got ${sumOf("// another")}`);
    expect(existsSync(server.program)).toBe(false);
  });

  it("leaves nothing when the other end has no runtime for this server, or is lost", async () => {
    const server = new Server();
    const client = server.start(words);
    await client.needs("runtime");
    client.child.stdin.end("500 ");
    expect(await client.ended).toMatch(/^1 /);
    expect(server.files()).toEqual([]);
  });

  it("takes two uploads of one runtime at the same time (F144)", async () => {
    const server = new Server();
    const clients = [server.start(words), server.start(words)];
    for (const client of clients) await client.needs("runtime");
    for (const client of clients) client.upload(runtime);
    for (const client of clients) {
      await client.needs("program");
      client.upload(program);
      client.child.stdin.end();
    }
    const said = await Promise.all(clients.map((client) => client.ended));
    expect(said.map((text) => text.slice(0, 2))).toEqual(["0 ", "0 "]);
    expect(server.files()).toHaveLength(2);
  });

  it("says in plain words that it cannot write, before it asks for anything", async () => {
    const server = new Server();
    writeFileSync(server.state, "in the way");
    expect(await server.run(words)).toBe(
      `1 slipway: cannot write below ${server.state}; look for a full disk or a read-only file system\n`,
    );
  });

  it.each([
    [["attend", "shop", version, sum, nonce], "'shop' is not a stack of the form project/stack"],
    [["attend", "../x/y", version, sum, nonce], "'../x/y' is not a stack of the form project/stack"],
    [["attend", "shop/..", version, sum, nonce], "'shop/..' is not a stack of the form project/stack"],
    [["attend", "shop/a\nb", version, sum, nonce], "'shop/a\nb' is not a stack of the form project/stack"],
    [["attend", "shop/live", "24/../..", sum, nonce], "'24/../..' is not a version of Node"],
    [["attend", "shop/live", version, "../../x", nonce], "'../../x' is not a sha256"],
    [["attend", "shop/live", version, sum, 'x"'], "'x\"' is not a nonce"],
    [["verb", "shop/live", "../x", "apply"], "'../x' is not the name of a verb"],
    [["verb", "shop/live", "files", "dance"], "knows apply and delete, got 'dance'"],
    [["verb", "shop/live", "files", "apply"], "no session of shop/live was on this server yet"],
    [["observe", "shop/live", nonce], "wants attend, command, verb, observe or resume"],
    [["dance"], "wants attend, command, verb, observe or resume"],
    [[], "wants attend, command, verb, observe or resume"],
  ])("rejects %j", async (args, message) => {
    const said = await new Server().run(args);
    expect(said.slice(0, 3)).toBe("64 ");
    expect(said).toContain(`slipway: ${message}`);
  });
});

describe("slipway-root", () => {
  const launcher = '#!/bin/sh\necho "$0" "$@"\ncat\n';

  it("runs verbs and observations by the program of the stack", async () => {
    const server = new Server();
    const path = join(server.state, "stacks", "shop@staging", "slipway");
    server.install(path, launcher);
    expect(await server.run(["verb", "shop/staging", "files", "apply"], "text")).toBe(
      `0 ${path} verb shop/staging files apply\ntext`,
    );
  });

  it("takes the words of an observation from its first bytes, since its key can send no others", async () => {
    const server = new Server();
    const path = join(server.state, "stacks", "shop@staging", "slipway");
    server.install(path, launcher);
    const first = `${`shop/staging ${nonce} `.padEnd(255)}\n`;
    expect(await server.run(["observe"], `${first}rest`)).toBe(`0 ${path} observe shop/staging ${nonce}\nrest`);
    expect(await server.run(["observe"], `shop/live ${nonce}\n`)).toContain("no session of shop/live");
    for (const line of ["../x/y n\n", "shop/staging\n", `shop/staging $(id)\n`, "shop/staging n; id\n", "shop/staging"])
      expect(await server.run(["observe"], line)).toMatch(/^64 (?!.*observe)/);
  });

  it("reads no more of an observer's first line than its length", async () => {
    const server = new Server();
    server.install(join(server.state, "stacks", "shop@staging", "slipway"), "#!/bin/sh\nwc -c\n");
    const said = await server.run(["observe"], `${`shop/staging ${nonce} `.padEnd(256)}${"a".repeat(1_000_000)}`);
    expect(said).toBe("0 1000000\n");
  });

  it("answers a delete on a server that knows nothing of the stack", async () => {
    const said = await new Server().run(["verb", "shop/live", "files", "delete"], "text");
    expect(said).toBe("0 slipway: this server knows nothing of shop/live, so nothing was taken away\n");
  });

  it("resumes one stack, or all of them whatever becomes of one", async () => {
    const server = new Server();
    expect(await server.run(["resume"])).toBe("0 ");
    const paths = ["a@one", "b@two", "c@three"].map((name) => join(server.state, "stacks", name, "slipway"));
    for (const path of paths) server.install(path, launcher);
    server.install(paths[1] ?? "", "#!/bin/sh\nexit 3\n");
    mkdirSync(join(server.state, "stacks", "d@none"));
    expect(await server.run(["resume"])).toBe(`1 ${paths[0]} resume a/one\n${paths[2]} resume c/three\n`);
    expect(await server.run(["resume", "a/one"])).toBe(`0 ${paths[0]} resume a/one\n`);
  });
});
