import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-preflight-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function stub(name: string, body: string): void {
  writeFileSync(join(folder, name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
}

/** Runs the preflight with nothing on PATH but the stubs. */
function preflight(): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile("/bin/bash", ["host/preflight.sh"], { env: { PATH: folder } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe("the preflight of a server", () => {
  it("prints system, engine and Compose", async () => {
    stub("docker", "[[ $1 == version ]] && echo 26.1.5 || echo 2.26.1");
    stub("flock", "");
    stub("sha256sum", "");
    const { code, stdout } = await preflight();
    expect({ code, lines: stdout.split("\n").slice(1) }).toEqual({
      code: 0,
      lines: ["engine: 26.1.5", "compose: 2.26.1", ""],
    });
  });

  it("rejects a server without Docker and without flock, naming both (F19)", async () => {
    symlinkSync("/usr/bin/sha256sum", join(folder, "sha256sum"));
    expect(await preflight()).toEqual({
      code: 1,
      stdout: "",
      stderr: [
        "this server lacks: docker (runs the containers)",
        "this server lacks: flock (keeps two deploys apart)",
        "this server lacks: a Docker engine that answers",
        "this server lacks: Docker Compose v2",
        "",
      ].join("\n"),
    });
  });

  it("rejects a server with Compose v1 only (F53)", async () => {
    stub("docker", "[[ $1 == version ]] && echo 26.1.5");
    stub("flock", "");
    stub("sha256sum", "");
    const { code, stderr } = await preflight();
    expect({ code, stderr }).toEqual({ code: 1, stderr: "this server lacks: Docker Compose v2\n" });
  });
});
