import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runChild } from "../../process/child.ts";
import { checkout } from "../../toolchain/paths.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-plan-files-"));
const file = join(folder, "problems.json");

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a program that ends with an error, and that Pulumi's runner would look after. */
async function end(error: string): Promise<void> {
  const script = `
    import { planFiles } from "${checkout}/config/plan-files.ts";
    import { UserError } from "${checkout}/model/problem.ts";
    process.on("unhandledRejection", () => process.exit(1));
    planFiles(process.env).writeProblems();
    void Promise.reject(${error});
  `;
  const env = { ...process.env, SLIPWAY_WRITE_PROBLEMS: file };
  const { code, stderr } = await runChild(["node", "--input-type=module", "-e", script], { env });
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
}

describe("a run that fails", () => {
  it("leaves no problems where the defect is slipway's", async () => {
    await end('new TypeError("no")');
    expect(existsSync(file)).toBe(false);
  });

  it("leaves the user's problems for the command that asked for them", async () => {
    await end('new UserError({ path: "host", what: "is missing", todo: "set it" })');
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual([{ path: "host", what: "is missing", todo: "set it" }]);
  });
});
