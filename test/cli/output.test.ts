import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkout } from "../../toolchain/paths.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-output-"));
afterAll(() => rmSync(folder, { recursive: true }));

const env = { PATH: process.env["PATH"], slipway: join(checkout, "cli", "main.ts"), node: process.execPath };

/** Runs a line of bash in a project; `$node $slipway` is the command. Its errors come after what it prints. */
function bash(line: string): string {
  return execFileSync("bash", ["-c", `exec 2>&1; ${line}`], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
}

describe("a reader of the output that leaves", () => {
  it("ends a command as without it, and causes no trace", () => {
    expect(bash('"$node" "$slipway" help | true; echo "${PIPESTATUS[0]}"')).toBe("0\n");
  });

  it("lets a command finish its work", () => {
    bash("git init --quiet; echo 'services: { web: { image: nginx } }' > compose.yaml");
    expect(bash('"$node" "$slipway" new 2>&1 | true; echo "${PIPESTATUS[0]}"')).toBe("0\n");
    expect(existsSync(join(folder, "Pulumi.production.yaml"))).toBe(true);
  });
});

describe("an output without room", () => {
  it("makes a command fail that has done its work, and says so once", () => {
    const said = "stdout: cannot be written (ENOSPC); direct it elsewhere\n";
    expect(bash('"$node" "$slipway" help > /dev/full; echo "$?"')).toBe(`${said}1\n`);
  });
});

describe("a long output", () => {
  it("comes whole through a pipe that holds only a part of it", () => {
    const script = `import("${checkout}/cli/output.ts").then((output) => {
      output.outliveReaders();
      output.printJson("x".repeat(2_000_000));
      process.exitCode = 3;
    })`;
    const slow = 'while read -r -n 65536 part || [ -n "$part" ]; do printf %s "$part"; done > long';
    expect(bash(`"$node" -e '${script}' | { ${slow}; }; echo "\${PIPESTATUS[0]}"`)).toBe("3\n");
    expect(readFileSync(join(folder, "long"), "utf8")).toHaveLength(2_000_002);
  });
});
