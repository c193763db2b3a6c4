import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { directory } from "../../../host/verbs/directory.ts";
import { testServer } from "./server.ts";

describe("the directory of a stack", () => {
  it("gets the owner and the mode of its document", async () => {
    const { folder, work } = testServer();
    const path = join(folder, "srv", "shop");
    const body = { path, owner: "root", mode: "0750" };
    const expected = "root 0750 directory";
    expect(await directory.differences(body, work("directory"))).toEqual([{ where: path, expected, found: "missing" }]);
    await directory.apply(body, work("directory"));
    expect(await directory.differences(body, work("directory"))).toEqual([]);
    chmodSync(path, 0o777);
    expect(await directory.differences(body, work("directory"))).toMatchObject([{ found: "root 0777 directory" }]);
    await directory.apply({ ...body, owner: "1234" }, work("directory"));
    expect(statSync(path)).toMatchObject({ uid: 1234, gid: 1234, mode: 0o040750 });
  });

  it("goes with its removal, with the folders above it that were made for it and no other", async () => {
    const { folder, work } = testServer();
    mkdirSync(join(folder, "srv"));
    const body = { path: join(folder, "srv", "team", "shop"), owner: "root", mode: "0755" };
    await directory.apply(body, work("directory"));
    await directory.remove(body, work("directory"));
    expect(existsSync(join(folder, "srv", "team"))).toBe(false);
    expect(existsSync(join(folder, "srv"))).toBe(true);
  });

  it("stays when something is in it, and people are told", async () => {
    const { folder, said, work } = testServer();
    const body = { path: join(folder, "shop"), owner: "root", mode: "0755" };
    await directory.apply(body, work("directory"));
    writeFileSync(join(body.path, "notes"), "mine");
    await directory.remove(body, work("directory"));
    expect(existsSync(join(body.path, "notes"))).toBe(true);
    expect(said).toEqual([`directory: keeps '${body.path}', which is not empty or was there before`]);
  });

  it("is not made through a link or in the place of a file (SEC-A2)", async () => {
    const { folder, work } = testServer();
    const path = join(folder, "shop");
    symlinkSync("/tmp", path);
    const body = { path, owner: "1234", mode: "0700" };
    const before = statSync("/tmp").mode;
    expect(await directory.differences(body, work("directory"))).toMatchObject([{ found: "link" }]);
    await expect(async () => directory.apply(body, work("directory"))).rejects.toThrow("is there and is no directory");
    expect(statSync("/tmp").mode).toBe(before);
  });
});
