import { Buffer } from "node:buffer";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeDocument } from "../../model/document/writer.ts";
import { staging } from "./answer.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
let directory: string;

beforeEach(() => {
  host = new LocalHost();
  directory = join(host.folder, "app");
  mkdirSync(directory);
  const common = { deadline: "5", mounts: {}, variables: {} };
  const services = {
    grafana: { image: "grafana", ...common, volumes: { app_dumps: "files", app_grafana: "files" } },
    postgres: { image: "postgres", ...common, volumes: { app_dumps: "files", app_pgdata: "postgres" } },
    worker: { image: "worker", ...common, volumes: {} },
  };
  const body = { directory, project: "app", compose: Buffer.from("services: {}\n"), services };
  const text = writeDocument({ kind: "compose", resource: "shared", body }, { order: 1, attempt: "a" });
  writeFileSync(join(host.folder, "document"), text);
});
afterEach(() => {
  host.remove();
});

/** Applies the document by a program in which Compose and the engine only report that they were called. */
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
  it("rejects a project whose data changed, before it writes or asks for anything (F45)", async () => {
    const { code, stderr } = await apply("exit 3");
    expect(code).toBe(3);
    expect(stderr).toBe("guard: app_dumps\n");
    expect(existsSync(join(directory, "compose.yaml"))).toBe(false);
  });

  it("asks for every volume of its services once, and remembers all of them when the services are well", async () => {
    const { stderr } = await apply(":");
    const volumes = ["app_dumps", "app_grafana", "app_pgdata"];
    expect(stderr.split("\n")).toEqual([
      ...volumes.map((volume) => `guard: ${volume}`),
      "compose: up",
      "wait: grafana 5 postgres 5 worker 5",
      ...volumes.map((volume) => `after all: ${volume}`),
      "remember: app",
      "",
    ]);
    expect(existsSync(join(directory, "compose.yaml"))).toBe(true);
  });
});
