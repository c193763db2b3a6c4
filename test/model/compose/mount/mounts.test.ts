import { describe, expect, it } from "vitest";
import { read, readService, type Trial, type TrialFile } from "../trial.ts";

const mounting = (mounts: string, top = ""): string => `services:\n  api:\n    volumes:\n      - ${mounts}\n${top}`;
const big = (bytes: number): TrialFile => ({ size: bytes, content: () => new Uint8Array(bytes) });

describe("mounts", () => {
  it.each([
    ["data:/data", { type: "volume", source: "data", target: "/data", readOnly: false }],
    ["data:/data:ro", { type: "volume", source: "data", target: "/data", readOnly: true }],
    ["data:/data/:rw,z", { type: "volume", source: "data", target: "/data", readOnly: false, bind: { selinux: "z" } }],
    [
      "{ type: volume, source: data, target: /data, volume: { subpath: a/b } }",
      { type: "volume", source: "data", target: "/data", readOnly: false, options: { subpath: "a/b" } },
    ],
    [
      "{ type: volume, source: data, target: /data, read_only: true }",
      { type: "volume", source: "data", target: "/data", readOnly: true },
    ],
    [
      "{ type: volume, target: /data, volume: { nocopy: true } }",
      { type: "volume", source: undefined, target: "/data", readOnly: false, options: { nocopy: true } },
    ],
    ["/cache", { type: "volume", source: undefined, target: "/cache", readOnly: false }],
    [
      "/etc/localtime:/etc/localtime:ro",
      {
        type: "host",
        source: "/etc/localtime",
        target: "/etc/localtime",
        readOnly: true,
        options: { create_host_path: true },
      },
    ],
    [
      "{ type: bind, source: /run/x, target: /x, bind: { create_host_path: false } }",
      { type: "host", source: "/run/x", target: "/x", readOnly: false, options: { create_host_path: false } },
    ],
    [
      "/srv/x:/x:Z,rshared",
      {
        ...{ type: "host", source: "/srv/x", target: "/x", readOnly: false },
        options: { create_host_path: true, selinux: "Z", propagation: "rshared" },
      },
    ],
    ["{ type: tmpfs, target: /tmp }", { type: "tmpfs", target: "/tmp" }],
    ["{ type: tmpfs, target: /tmp, tmpfs: { size: 5 } }", { type: "tmpfs", target: "/tmp", options: { size: 5 } }],
  ])("are read from %s", (mount, expected) => {
    expect(readService("api", mounting(mount, "volumes:\n  data:\n")).mounts).toEqual([expected]);
  });

  it("hold the tracked files of a folder with their content and their executable bit", () => {
    const { mounts } = readService("api", mounting("./conf/:/etc/app:ro"), {
      files: {
        "conf/a.yml": "a: 1\n",
        "conf/sub/run.sh": { executable: true, size: 2, content: () => new Uint8Array([35, 33]) },
        "conf/local.yml": { untracked: "b: 2\n" },
        "other.yml": "c: 3\n",
      },
    });
    expect(mounts).toEqual([
      {
        type: "file",
        source: "conf",
        target: "/etc/app",
        readOnly: true,
        options: { create_host_path: true },
        files: [
          { path: "conf/a.yml", executable: false, content: new TextEncoder().encode("a: 1\n") },
          { path: "conf/sub/run.sh", executable: true, content: new Uint8Array([35, 33]) },
        ],
      },
    ]);
  });

  it("include the secrets and configs that are files, read-only and at Compose's paths", () => {
    const compose = `
services:
  api:
    secrets: [a, { source: a, target: other }]
    configs: [b, { source: b, target: /etc/b.yml }]
secrets:
  a: { file: ./a.txt }
configs:
  b: { file: b.yml }
`;
    const { mounts, fields } = readService("api", compose, { files: { "a.txt": "a", "b.yml": "b" } });
    expect(fields).toEqual({});
    expect(mounts).toMatchObject([
      { type: "file", source: "a.txt", target: "/run/secrets/a", readOnly: true },
      { type: "file", source: "a.txt", target: "/run/secrets/other", readOnly: true },
      { type: "file", source: "b.yml", target: "/b", readOnly: true },
      { type: "file", source: "b.yml", target: "/etc/b.yml", readOnly: true },
    ]);
  });

  it("of a release service may be configuration: a file, or a read-only folder", () => {
    const compose = "services:\n  api:\n    build: .\n    volumes: [./conf:/etc/app:ro, ./conf/a.yml:/a.yml]\n";
    const trial: Trial = { files: { "conf/a.yml": "a" }, services: { api: { release: true } } };
    expect(read(compose, trial).problems).toEqual([]);
  });

  it.each([
    [".:/app", "./", "if it is configuration, mount it read-only from a folder that the image is not built from"],
    [".:/app:ro", "./", "if it is configuration, mount it read-only from a folder that the image is not built from"],
    [
      "./api:/app:ro",
      "./api",
      "if it is configuration, mount it read-only from a folder that the image is not built from",
    ],
    ["./api/src:/app", "./api/src", "mount it read-only if it is configuration"],
  ])("rejects %s, which mounts the sources of a release service", (mount, folder, configuration) => {
    const compose = `services:\n  api:\n    build: ./api\n    volumes:\n      - ${mount}\n`;
    const trial: Trial = { files: { "api/src/main.py": "x" }, services: { api: { release: true } } };
    expect(read(compose, trial).problems).toEqual([
      `compose.yaml:5:9: the mount at /app covers the image of a release with the folder '${folder}'; ` +
        `add /app to services.api.drop, or ${configuration}`,
    ]);
  });

  const files: Readonly<Record<string, TrialFile>> = {
    "local.yml": { untracked: "a" },
    "data/x": { untracked: "a" },
    "link.yml": { kind: "link" },
    "part/module": { kind: "submodule" },
    "gone/a.yml": { size: undefined },
    "big.yml": big(256 * 1024 + 1),
    "fits.yml": big(256 * 1024),
  };

  it.each([
    [
      "./missing.yml:/a",
      "the mounted 'missing.yml' does not exist; add it to the repository, correct the path, or add /a to " +
        "services.api.drop",
    ],
    [
      "./local.yml:/a",
      "the mounted 'local.yml' is not tracked by git; commit it; if it is data, mount the folder that it is in, and " +
        "name that in `folders`",
    ],
    [
      "./data:/a",
      "the mounted 'data' holds no file that git tracks; set `folders: { \"./data\": {} }` if it holds data, which " +
        "the server then keeps; commit it, or put it into an image, if it does not",
    ],
    [
      "./none:/a",
      "the mounted 'none' does not exist; set `folders: { \"./none\": {} }` if it holds data, which the server then " +
        "keeps; commit it, or put it into an image, if it does not",
    ],
    [
      "../data:/a",
      "the mounted '../data' lies outside of the compose file's folder; set " +
        '`folders: { "../data": { path: /srv/data } }` if it holds data, which the server then keeps, with its place ' +
        "there; move it beside the compose file if it does not",
    ],
    ["./link.yml:/a", "the mounted 'link.yml' holds the link 'link.yml'; put the file itself there"],
    ["./part:/a", "the mounted 'part' holds the submodule 'module'; copy what is needed from it"],
    ["./gone:/a", "the mounted 'gone' lacks the file 'a.yml', which git tracks; restore it, or remove it from git"],
    [
      "./big.yml:/a",
      "the mounted 'big.yml' holds 'big.yml' with 262145 bytes, more than 262144; raise `files.limit`, up to " +
        "16 MB, or put it into an image or a volume",
    ],
    [
      "../out.yml:/a",
      "the mounted '../out.yml' lies outside of the compose file's folder; move it beside the compose file",
    ],
    [
      "~/x:/a",
      'the mount at /a comes from a home folder; set `folders: { "~/x": { path: /srv/data } }` if it holds data, ' +
        "which the server then keeps, with its place there; move it beside the compose file if it does not",
    ],
    [
      "data2:/a",
      "the mount at /a uses the volume 'data2', which is not defined; add 'data2:' below the file's top-level volumes",
    ],
    ["./fits.yml:a", "the mount at a has no absolute path in the container; begin the target with '/'"],
    ["{ type: volume, source: data }", "a mount has no absolute path in the container; begin the target with '/'"],
    [
      "{ type: image, source: x, target: /a }",
      "the mount at /a is of type 'image', which cannot be deployed; use a volume, a bind mount or a tmpfs",
    ],
  ])("rejects %s", (mount, problem) => {
    expect(read(mounting(mount), { files }).problems).toEqual([`compose.yaml:4:9: ${problem}`]);
  });

  it("may hold 256 KiB a file and 1 MiB in all, and a file that is mounted twice counts once", () => {
    const names = ["a", "b", "c", "d"];
    const sum = Object.fromEntries(names.map((name) => [name, big(256 * 1024)]));
    const compose = (paths: readonly string[]): string =>
      `services:\n  api:\n    volumes:\n${paths.map((path, index) => `      - ./${path}:/f${index}\n`).join("")}`;
    expect(read(compose([...names, "a"]), { files: sum }).problems).toEqual([]);
    expect(read(compose([...names, "e"]), { files: { ...sum, e: big(1) } }).problems).toEqual([
      "compose.yaml: services mount more than 1048576 bytes of files, got 1048577 (a with 262144); " +
        "raise `files.total`, up to 64 MB, or put large files into an image or a volume",
    ]);
  });

  it("may hold as much as the stack allows", () => {
    const compose = mounting("./large.bin:/a");
    const large = { files: { "large.bin": big(3 * 1024 ** 2) } };
    const limits = { limit: 4 * 1024 ** 2, total: 4 * 1024 ** 2 };
    expect(read(compose, { ...large, limits }).problems).toEqual([]);
    expect(read(compose, { ...large, limits: { ...limits, limit: 1024 ** 2 } }).problems).toHaveLength(1);
    expect(read(compose, { ...large, limits: { ...limits, total: 1024 ** 2 } }).problems).toHaveLength(1);
  });

  it("tell what changes nothing on a server", () => {
    const { notes } = read(mounting("data:/a:cached,U\n      - ./f.yml:/f:ro", "volumes:\n  data:\n"), {
      files: { "f.yml": "x" },
    });
    expect(notes).toEqual([
      "api: the mount at /a has the option 'U', which Compose ignores as well",
      "api: the mount at /a has the consistency 'cached', which only Docker Desktop knows",
    ]);
  });

  it("tell a delivered folder into which a service can write", () => {
    const files = { "conf/a.yml": "a" };
    expect(read(mounting("./conf:/etc/app"), { files }).notes).toEqual([
      "api: can write into ./conf, which slipway delivers (at /etc/app); what it writes there stays on the server " +
        "and is not guarded",
    ]);
    expect(read(mounting("./conf:/etc/app:ro\n      - ./conf/a.yml:/a"), { files }).notes).toEqual([]);
  });
});
