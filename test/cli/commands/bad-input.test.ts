import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { runToEnd } from "../../../cli/commands/commands.ts";
import { exitCodes } from "../../../cli/exit-code.ts";

let folder: string;
let stderr: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-bad-input-"));
  write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
  write("Pulumi.dev.yaml", "config: {}\n");
  write("compose.yaml", "services: { web: { image: nginx } }\n");
  stderr = "";
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => (stderr += String(text)) !== "");
  for (const name of ["SSH_AUTH_SOCK", "SSH_PRIVATE_KEY", "FORCE_COLOR"]) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Writes a file, or makes a folder where there is no text. */
function write(path: string, text?: string | Uint8Array): void {
  const file = join(folder, path);
  rmSync(file, { recursive: true, force: true });
  mkdirSync(text === undefined ? file : dirname(file), { recursive: true });
  if (text !== undefined) writeFileSync(file, text);
}

/** What a command line says in the folder, without the folder's own path. */
async function refused(...words: string[]): Promise<string> {
  expect(await runToEnd(["-C", folder, ...words])).toBe(exitCodes.refused);
  return stderr.replaceAll(folder, "<folder>");
}

describe("a folder in the place of a file is told", () => {
  test.each([
    ["Pulumi.yaml", ["plan", "--offline", "--stack", "dev"]],
    ["Pulumi.dev.yaml", ["render", "--stack", "dev"]],
    ["slipway.lock", ["lock"]],
  ])("as %s", async (path, words) => {
    write(path);
    expect(await refused(...words)).toBe(`${path}: is a folder; put a file there, or name another path\n`);
  });

  test("as .sops.yaml", async () => {
    write(".sops.yaml");
    expect(await refused("env", "init", "--stack", "dev")).toContain(".sops.yaml: is not a file; put a file in its");
  });
});

describe("a reason that is no reason is told", () => {
  test.each([
    ["of 1001 characters", "x".repeat(1001)],
    ["of several lines", "the cart\nis empty"],
    ["that steers a terminal", "\u001b[31mred"],
  ])("before a server is asked: one %s", async (_what, why) => {
    const form = "write at most 1000 characters, without line breaks and other control characters";
    for (const verb of ["switch-back", "resume"]) {
      expect(await runToEnd(["-C", folder, verb, "--stack", "dev", "--why", why])).toBe(exitCodes.wrongUsage);
      expect(stderr).toContain(`--why: is no short line; ${form}`);
    }
  });
});

describe("what is no text or no configuration is told", () => {
  const bytes = new Uint8Array([0xff, 0xfe, 0x6e, 0]);

  test("as Pulumi.yaml", async () => {
    write("Pulumi.yaml", bytes);
    expect(await refused("lock")).toBe("Pulumi.yaml: is not UTF-8 text; write it as UTF-8\n");
  });

  test("as a compose file", async () => {
    write("compose.yaml", bytes);
    expect(await refused("lock")).toContain(
      "compose.yaml: is not UTF-8 text; name a compose file, and write it as UTF",
    );
  });

  test("as a compose file of megabytes, at once", async () => {
    write("compose.yaml", `x-a:\n${"  - value\n".repeat(120_000)}`);
    expect(await refused("lock")).toContain(
      "compose.yaml: has 1200005 characters, and a compose file has at most 1000000; name a compose file, or move data",
    );
  });

  test("as slipway.lock, with no more of it than helps", async () => {
    write("slipway.lock", "x".repeat(5000));
    expect(await refused("lock")).toContain(`slipway.lock: is not of type map, got '${"x".repeat(200)}…'; restore it`);
  });
});

describe("a place where nothing can be done is told", () => {
  test.each(["up", "preview", "refresh", "destroy", "plan", "drift", "host check"])(
    "by %s, without a project, before it asks for keys",
    async (name) => {
      rmSync(join(folder, "Pulumi.yaml"));
      expect(await refused(...name.split(" "))).toContain("<folder>: there is no Pulumi.yaml here or above; name the");
    },
  );

  test("without git, which no command takes for a folder without a repository", async () => {
    vi.stubEnv("PATH", "/nowhere");
    const said = "git: is not on PATH; install it: only what git tracks is delivered\n";
    expect(await refused("new", "--stack", "test")).toBe(said);
  });

  test("with a name that the machine refuses, without a trace", async () => {
    write("slipway.lock", "images: {}\n");
    const host = "{ address: '${SERVER}', user: '${NAME}', hostKey: '${HOST_KEY}' }";
    write("Pulumi.dev.yaml", `config:\n  shop:host: ${host}\n  shop:directory: /opt/shop\n  shop:project: shop\n`);
    const said = await refused("render", "--stack", "dev", "--out", join(folder, "x".repeat(300)));
    expect(said).toMatch(/<folder>\/x+: cannot be used: ENAMETOOLONG: name too long; see that this user may use it/);
  });
});

describe("a command line is told that", () => {
  test("names a saved plan that is not there, before anything starts", async () => {
    expect(await refused("up", "--stack", "dev", "--plan", "none.json")).toBe(
      "--plan: names no file, got 'none.json'; name one that `slipway plan --save` made\n",
    );
  });

  test("names a folder that is none", async () => {
    expect(await runToEnd(["-C", join(folder, "compose.yaml"), "lock"])).toBe(exitCodes.wrongUsage);
    expect(stderr).toBe(`--cwd: is not a folder, got '${folder}/compose.yaml'; correct the path\n`);
  });

  test("names two stacks for a command that takes one", async () => {
    expect(await runToEnd(["-C", folder, "up", "--stack", "a", "-s", "b"])).toBe(exitCodes.wrongUsage);
    expect(stderr).toBe("--stack: names several stacks, got 'a' and 'b'; keep one\n");
  });
});
