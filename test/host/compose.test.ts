import { Buffer } from "node:buffer";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeDocument } from "../../model/document.ts";
import { staging } from "./answer.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
let directory: string;

beforeEach(() => {
  host = new LocalHost();
  directory = join(host.folder, "app");
  mkdirSync(directory);
  const postgres = { image: "postgres", data: "app_pgdata", deadline: "5", mounts: {}, variables: {} };
  const body = { directory, project: "app", compose: Buffer.from("services: {}\n"), services: { postgres } };
  const text = writeDocument({ kind: "compose", resource: "shared", body }, { order: 1, attempt: "a" });
  writeFileSync(join(host.folder, "document"), text);
});
afterEach(() => {
  host.remove();
});

/** Applies the document by a program in which Compose and the engine only say that they were asked. */
function apply(guard: string): ReturnType<LocalHost["source"]> {
  return host.source(
    staging,
    `mkdir -p "$stack_state"; folder=${host.folder} object=compose:app number=1.a resource=shared
     docker_need() { :; }; docker_read() { :; }; docker_do() { say docker "$2"; }
     project_up() { say compose up; }; wait_ready() { say wait "$*"; }; drift_remember() { say remember "$2"; }
     guard_check() { say guard "$1"; ${guard}; }; guard_remember() { say "after all" "$1"; }
     document_read ${host.folder}/document; compose_apply`,
  );
}

describe("the verb compose", () => {
  it("rejects a project whose data is not what it was, before it writes or asks for anything (F45)", async () => {
    const { code, stderr } = await apply("exit 3");
    expect(code).toBe(3);
    expect(stderr).toBe("guard: app_pgdata\n");
    expect(existsSync(join(directory, "compose.yaml"))).toBe(false);
  });

  it("remembers the data when its service is well, and then what was applied", async () => {
    const { stderr } = await apply(":");
    expect(stderr).toBe("guard: app_pgdata\ncompose: up\nwait: postgres 5\nafter all: app_pgdata\nremember: app\n");
    expect(existsSync(join(directory, "compose.yaml"))).toBe(true);
  });
});
