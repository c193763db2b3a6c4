import { describe, expect, it } from "vitest";
import { read, readService, type Trial } from "../trial.ts";

const mounting = (mount: string): string => `services:\n  api:\n    volumes:\n      - ${mount}\n`;
const folders = {
  data: "/srv/app/data",
  "data/fast": "/mnt/fast",
  "../other": "/srv/other",
  "~/home": "/srv/home",
  "/srv/old": "/srv/old",
};

describe("a data folder", () => {
  it.each([
    ["./data:/x", { source: "data", path: "/srv/app/data" }],
    ["./data/:/x", { source: "data", path: "/srv/app/data" }],
    ["./data/db/main:/x", { source: "data/db/main", path: "/srv/app/data/db/main" }],
    ["./data/fast/db:/x", { source: "data/fast/db", path: "/mnt/fast/db" }],
    ["../other:/x", { source: "../other", path: "/srv/other" }],
    ["~/home/db:/x", { source: "~/home/db", path: "/srv/home/db" }],
    ["/srv/old/db:/x", { source: "/srv/old/db", path: "/srv/old/db" }],
  ])("is the folder of the server that the stack names for %s", (mount, folder) => {
    const options = { create_host_path: true };
    expect(readService("api", mounting(mount), { folders }).mounts).toEqual([
      { type: "folder", ...folder, target: "/x", readOnly: false, options },
    ]);
  });

  it("keeps the options of its mount", () => {
    expect(readService("api", mounting("./data:/x:ro,Z"), { folders }).mounts).toMatchObject([
      { type: "folder", readOnly: true, options: { selinux: "Z" } },
    ]);
  });

  it("of a release service may be written, since both colours mount the same one", () => {
    const services = { api: { release: true } };
    expect(read(mounting("./data:/x"), { folders, services }).problems).toEqual([]);
  });

  it("holds no file of the repository, which is delivered", () => {
    expect(read(mounting("./data/init.sql:/x:ro"), { folders, files: { "data/init.sql": "x" } })).toMatchObject({
      problems: [],
      application: { services: { api: { mounts: [{ type: "file", source: "data/init.sql" }] } } },
    });
  });

  it("is no folder with another beginning", () => {
    expect(read(mounting("./database:/x"), { folders }).problems).toEqual([
      "compose.yaml:4:9: the mounted 'database' does not exist; " +
        'set `folders: { "./database": {} }` if it holds data, which the server then keeps; commit it, or put it ' +
        "into an image, if it does not",
    ]);
  });

  it.each([".gitkeep", ".keep", "db/.gitignore"])("may be in git with nothing but what keeps it there: %s", (name) => {
    expect(read(mounting("./data:/x"), { folders, files: { [`data/${name}`]: "" } }).problems).toEqual([]);
  });

  it("is one that git has only by a '.gitkeep', unless a service just reads it", () => {
    const files = { "logs/.gitkeep": "" };
    expect(read(mounting("./logs:/logs"), { files }).problems).toEqual([
      "compose.yaml:4:9: the mount at /logs shows a folder in which git has nothing but '.gitkeep'; " +
        'set `folders: { "./logs": {} }` if it holds data, which the server then keeps; commit it, or put it into an ' +
        "image, if it does not",
    ]);
    expect(read(mounting("./logs:/logs:ro"), { files }).problems).toEqual([]);
    expect(read(mounting("./logs:/logs"), { files, folders: { logs: "/srv/logs" } }).problems).toEqual([]);
  });

  it.each<[string, Trial["files"], string]>([
    [
      "with files that git tracks",
      { "data/a.yml": "a", "data/.gitkeep": "" },
      "holds files that git tracks, which would not be delivered, got 'data/a.yml'; " +
        "remove the folder from `folders` and `data`, or mount its data from a folder of its own",
    ],
    ["that is a file", { data: { untracked: "x" } }, "is a file; mount the folder that it is in, and name that folder"],
  ])("is rejected %s", (_, files, problem) => {
    expect(read(mounting("./data:/x"), { folders, files: files ?? {} }).problems).toEqual([
      `compose.yaml:4:9: the data folder 'data' ${problem}`,
    ]);
  });
});
