import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
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

  it("may be reached by others through the folders above it that were made for it", async () => {
    const { folder, work } = testServer();
    const before = process.umask(0o077);
    try {
      const path = join(folder, "srv", "team", "shop");
      await directory.apply({ path, owner: "root", mode: "0750" }, work("directory"));
      const modes = ["srv", "srv/team", "srv/team/shop"].map((at) => statSync(join(folder, at)).mode & 0o777);
      expect(modes).toEqual([0o755, 0o755, 0o750]);
    } finally {
      process.umask(before);
    }
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

  it("rejects a link or a file in its place (SEC-A2)", async () => {
    const { folder, work } = testServer();
    const path = join(folder, "shop");
    symlinkSync("/tmp", path);
    const body = { path, owner: "1234", mode: "0700" };
    const before = statSync("/tmp").mode;
    expect(await directory.differences(body, work("directory"))).toMatchObject([{ found: "link" }]);
    await expect(async () => directory.apply(body, work("directory"))).rejects.toThrow("exists and is not a directory");
    expect(statSync("/tmp").mode).toBe(before);
  });

  it.each([
    ["a file", (at: string) => writeFileSync(at, "")],
    ["a circle of links", (at: string) => symlinkSync(at, at)],
    ["a link to nothing", (at: string) => symlinkSync("/nowhere", at)],
  ])(
    "is rejected below %s, with its path and the document, and comes when that is gone (F21)",
    async (_what, block) => {
      const { folder, work } = testServer();
      const above = join(folder, "srv");
      const body = { path: join(above, "shop"), owner: "root", mode: "0755" };
      block(above);
      expect(await directory.differences(body, work("directory"))).toMatchObject([{ found: "missing" }]);
      await expect(async () => directory.apply(body, work("directory"))).rejects.toThrow(
        `cannot make '${body.path}' (document 4.2): `,
      );
      await directory.remove(body, work("directory"));
      rmSync(above);
      await directory.apply(body, work("directory"));
      expect(await directory.differences(body, work("directory"))).toEqual([]);
      expect(existsSync("/nowhere")).toBe(false);
    },
  );

  it("rejects one of somebody else, whose owner and mode stay (SEC-B4)", async () => {
    const { folder, work } = testServer();
    const path = join(folder, "site");
    mkdirSync(path, { mode: 0o755 });
    writeFileSync(join(path, "index.html"), "hello");
    await expect(async () =>
      directory.apply({ path, owner: "1234", mode: "0700" }, work(`directory:${path}`)),
    ).rejects.toThrow(
      `directory holds files that slipway did not put there, got '${path}' (document 4.2); ` +
        "choose a directory that does not exist yet, or an empty one",
    );
    expect(statSync(path)).toMatchObject({ uid: 0, mode: 0o040755 });
  });

  it("that holds data after a removal is taken again by the next deploy", async () => {
    const { folder, work } = testServer();
    const path = join(folder, "shop");
    const body = { path, owner: "root", mode: "0755" };
    const object = `directory:${path}`;
    await directory.apply(body, work(object));
    mkdirSync(join(path, "data"));
    writeFileSync(join(path, ".slipway", "1.env"), "draft of a run that died");
    await directory.remove(body, work(object));
    work(object).state.forget(object);
    expect(readdirSync(join(path, ".slipway"))).toEqual([]);
    await directory.apply(body, work(object));
    expect(existsSync(join(path, "data"))).toBe(true);
  });
});
