import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { planFiles } from "../../config/plan-files.ts";
import { stackOf } from "../../model/stack/derive.ts";
import { runChild } from "../../process/child.ts";
import { checkout } from "../../toolchain/paths.ts";
import { aaperture } from "../model/stack/aaperture.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-plan-files-"));
const file = join(folder, "problems.json");

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a program that ends with an error, and that Pulumi's runner would look after. */
async function end(error: string, problems: string = file): Promise<void> {
  const script = `
    import { planFiles } from "${checkout}/config/plan-files.ts";
    import { UserError } from "${checkout}/model/problem.ts";
    process.on("unhandledRejection", () => process.exit(1));
    planFiles(process.env).writeProblems();
    void Promise.reject(${error});
  `;
  const env = { ...process.env, SLIPWAY_WRITE_PROBLEMS: problems };
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

  it.each(["/dev/full", join(folder, "no such folder/problems.json")])(
    "ends with the user's problems even if they cannot be written to %s",
    async (path) => {
      await end('new UserError({ path: "host", what: "is missing", todo: "set it" })', path);
    },
  );
});

describe("a file of a run", () => {
  const { stack } = { stack: { ...stackOf(aaperture()), hosts: {} } };
  const target = join(folder, "drift.json");
  const write = (path: string): void => planFiles({ SLIPWAY_WRITE_DRIFT: path }).writeDrift(stack, {});

  it("replaces an older one as a whole, for its owner alone", () => {
    writeFileSync(target, "old", { mode: 0o644 });
    write(target);
    expect(JSON.parse(readFileSync(target, "utf8"))).toMatchObject({ hosts: {} });
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.startsWith("drift.json"))).toEqual(["drift.json"]);
  });

  it("is not written through a link", () => {
    const elsewhere = join(folder, "elsewhere");
    writeFileSync(elsewhere, "kept");
    symlinkSync(elsewhere, join(folder, "link.json"));
    expect(() => write(join(folder, "link.json"))).toThrow(
      `SLIPWAY_WRITE_DRIFT: is a link, got '${folder}/link.json'; put the file itself in its place`,
    );
    expect(readFileSync(elsewhere, "utf8")).toBe("kept");
  });

  it("that cannot be written is the user's problem", () => {
    expect(() => write(join(folder, "none/drift.json"))).toThrow(
      `SLIPWAY_WRITE_DRIFT: is in a folder that does not exist (ENOENT), got '${folder}/none/drift.json'; ` +
        "create the folder, or correct the path",
    );
  });
});
