import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe as group, expect, test } from "vitest";
import type { Json, JsonMap } from "../../../model/json.ts";
import { differencesOf } from "../case/result.ts";
import type { SecretEntry } from "../case/server.ts";
import { describe } from "./difference.ts";
import { comparisonOfTrial, trial } from "./trial.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "slipway-mounts-"));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Writes a file below the original, or below the server. */
function write(path: string, text: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function bind(source: string, target: string): JsonMap {
  return { type: "bind", source, target, bind: { create_host_path: false } };
}

interface Mounts {
  readonly original: readonly Json[];
  readonly found: readonly Json[];
  /** Further fields of the original's service, and of its file. */
  readonly service?: JsonMap;
  readonly file?: JsonMap;
  readonly secrets?: readonly SecretEntry[];
}

/** Every difference of the trial's database, with these mounts instead of its own. */
function found({ original, found: onServer, service = {}, file = {}, secrets = [] }: Mounts): string[] {
  const both = { db: { image: "postgres:17", volumes: original, ...service } };
  const shared = { services: { db: { image: "postgres:17", volumes: onServer } } };
  const empty = { release: {}, proxy: {}, routes: {}, keys: {} };
  const comparison = comparisonOfTrial({ ...empty, original: { ...trial.original, ...file, services: both }, shared });
  const server = { ...comparison.server, secrets: new Map(secrets.map((entry) => [entry.path, entry] as const)) };
  const folders = { folder: join(root, "original"), root: join(root, "server") };
  const lines = differencesOf({ ...comparison, ...folders, server }, () => undefined).map(describe);
  return lines.filter((line) => line.startsWith("mounts: db"));
}

group("the comparison of mounts", () => {
  test("holds delivered files to their content and their executable bit", () => {
    const mounts = {
      original: [bind(write("original/run.sh", "one"), "/run.sh")],
      found: [bind("/srv/shop/run.sh", "/run.sh")],
    };
    const delivered = write("server/srv/shop/run.sh", "one");
    expect(found(mounts)).toEqual([]);
    chmodSync(join(root, "original/run.sh"), 0o755);
    expect(found(mounts)).toEqual([expect.stringMatching(/^mounts: db: \/run\.sh\.source: expected .* executable"/)]);
    chmodSync(delivered, 0o755);
    expect(found(mounts)).toEqual([]);
    write("server/srv/shop/run.sh", "two");
    expect(found(mounts)).toHaveLength(1);
  });

  test("holds a folder to all its files", () => {
    write("original/conf/a", "a");
    write("original/conf/b", "b");
    write("server/srv/shop/conf/a", "a");
    const mounts = { original: [bind(join(root, "original/conf"), "/conf")], found: [bind("/srv/shop/conf", "/conf")] };
    expect(found(mounts)).toEqual([expect.stringMatching(/expected "folder of 2 files .*found "folder of 1 files/)]);
  });

  test("lets a data folder lie anywhere, but each in one place and apart as in the file", () => {
    const data = (path: string): string => join(root, "original", path);
    const original = [bind(data("data"), "/a"), bind(data("data/logs"), "/b"), bind(data("other"), "/c")];
    const places = (...sources: string[]): Json[] => sources.map((source, index) => bind(source, `/${"abc"[index]}`));
    expect(found({ original, found: places("/data/shop", "/data/shop/logs", "/data/other") })).toEqual([]);
    const apart = found({ original, found: places("/data/shop", "/data/logs", "/data/other") });
    expect(apart).toContain('mounts: db: /b.source: expected "data folder data/logs", found "/data/logs"');
    const same = found({ original, found: places("/data/shop", "/data/shop/logs", "/data/shop") });
    expect(same).toContain('mounts: db: /c.source: expected "data folder other", found "/data/shop"');
  });

  test("holds paths of the server as they are, and says where a missing one would not be made", () => {
    const of = (create: boolean, source = "/var/lib/app"): Json => {
      return { type: "bind", source, target: "/app", bind: { create_host_path: create } };
    };
    expect(found({ original: [of(true)], found: [of(true)] })).toEqual([]);
    expect(found({ original: [of(true)], found: [of(false)] })).toEqual([
      "mounts: db: /app.bind.create_host_path: expected true, found false",
    ]);
    expect(found({ original: [of(true)], found: [of(true, "/srv/other")] })).toEqual([
      'mounts: db: /app.source: expected "/var/lib/app", found "/srv/other"',
    ]);
  });

  test("holds a config that is a value to it, as a file that everybody in the container may read", () => {
    const mount = { ...bind("/srv/shop/slipway-configs/c", "/c"), read_only: true };
    const original = {
      original: [],
      service: { configs: [{ source: "c" }] },
      file: { configs: { c: { content: "x" } } },
    };
    write("server/srv/shop/slipway-configs/c", "x");
    expect(found({ ...original, found: [mount] })).toEqual([]);
    write("server/srv/shop/slipway-configs/c", "y");
    expect(found({ ...original, found: [mount] })).toHaveLength(1);
  });

  test("holds secrets to their value and their readers", () => {
    const path = "/srv/shop/secrets/pw.0";
    write(`server${path}`, "value-of-PASSWORD");
    const mount = { ...bind(path, "/run/secrets/pw"), read_only: true };
    const original = {
      original: [],
      service: { secrets: [{ source: "pw" }] },
      file: { secrets: { pw: { environment: "PASSWORD" } } },
    };
    const entry = { path, variable: "PASSWORD", owner: "0" };
    expect(found({ ...original, found: [mount], secrets: [{ ...entry, mode: "0444" }] })).toEqual([]);
    expect(found({ ...original, found: [mount], secrets: [{ ...entry, mode: "0400" }] })).toEqual([
      'mounts: db: /run/secrets/pw.readers: expected "everybody in the container", found "user 0"',
    ]);
    const closed = { ...original, service: { secrets: [{ source: "pw", mode: "0440" }] } };
    expect(found({ ...closed, found: [mount], secrets: [{ ...entry, mode: "0440" }] })).toEqual([]);
    expect(found({ ...closed, found: [mount], secrets: [{ ...entry, mode: "0444" }] })).toEqual([
      'mounts: db: /run/secrets/pw.readers: expected "user 0", found "everybody in the container"',
    ]);
    write(`server${path}`, "another value");
    expect(found({ ...original, found: [mount], secrets: [{ ...entry, mode: "0444" }] })).toHaveLength(1);
  });
});
