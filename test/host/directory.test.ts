import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { Deployer } from "./deploy.ts";
import { LocalHost, type LocalRun } from "./host-program.ts";

let host: LocalHost;
let session: LocalRun;
let deployer: Deployer;
let path: string;

beforeEach(async () => {
  host = new LocalHost();
  path = join(host.folder, "var", "www", "app");
  deployer = new Deployer(host, "directory");
  session = await host.session(staging, "one");
});
afterEach(async () => {
  await session.end();
  host.remove();
});

const body = (mode = "0750") => ({ path, owner: "root", mode });

async function differences(): Promise<unknown> {
  const found = await session.observe();
  return found.find(({ fact }) => fact === "applied")?.["differences"];
}

describe("the verb directory", { timeout: 60_000 }, () => {
  it("names changes by hand, and repairs them", async () => {
    expect(await deployer.apply(body())).toBe("applied");
    chmodSync(path, 0o777);
    expect(await differences()).toEqual([
      { where: path, expected: "root 0750 directory", found: "root 0777 directory" },
    ]);
    expect(await deployer.apply(body(), true)).toBe("applied");
    rmSync(path, { recursive: true });
    expect(await differences()).toEqual([{ where: path, expected: "root 0750 directory", found: "missing" }]);
    expect(await deployer.apply(body(), true)).toBe("applied");
    expect(await differences()).toEqual([]);
  });

  it("rejects a file or a link in its place", async () => {
    mkdirSync(join(host.folder, "var", "www"), { recursive: true });
    symlinkSync("/etc", path);
    expect(await deployer.apply(body())).toBe(
      `directory: '${path}' is there and is no directory; move it away (document 1.a)\n`,
    );
  });

  it("deletes the folders that it made, if they are empty", async () => {
    mkdirSync(join(host.folder, "var"));
    await deployer.apply(body());
    await deployer.apply(body("0755"));
    writeFileSync(join(host.folder, "var", "www", "theirs"), "");
    await session.end();
    expect(await deployer.delete(body("0755"))).toBe("deleted");
    expect(existsSync(path)).toBe(false);
    expect(existsSync(join(host.folder, "var", "www", "theirs"))).toBe(true);
  });

  it("keeps a folder that was there before, and one that is not empty", async () => {
    mkdirSync(path, { recursive: true });
    await deployer.apply(body());
    await session.end();
    expect(await deployer.delete(body())).toBe("deleted");
    expect(existsSync(path)).toBe(true);
  });
});
