import { describe, expect, it } from "vitest";
import type { FileMount, Service } from "../../../../model/compose/application.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { given, here } from "./networked-stack.ts";

/** The notes about ports that are not known, of a release service `web` without a port and a shared one. */
function notes(caller: Partial<Service>, called: Partial<Service> = {}): readonly string[] {
  const web = { exposed: [], ...called };
  const { notes: all } = stackOf(given({ shared: { front: caller }, released: { web } }));
  return all.filter((note) => note.includes("port is not known"));
}

const said = ["web: its port is not known, so front cannot call it in 'default'; set services.web.port"];

function mounted(text: string): FileMount {
  const file = { path: "front.conf", content: new TextEncoder().encode(text), executable: false };
  return { type: "file", source: "front.conf", target: "/etc/front.conf", readOnly: true, files: [file] };
}

describe("a release service without a port is noted where a shared one", () => {
  it.each<[string, Partial<Service>]>([
    ["waits for it", { dependsOn: { web: { condition: "service_started", required: true } } }],
    ["names it in a URL", { fields: { environment: { UPSTREAM: "http://web:3000/" } } }],
    ["names it with its port", { fields: { command: ["--upstream=web:3000"] } }],
    ["mounts a file that names it", { mounts: [mounted("location / {\n  proxy_pass http://web;\n}\n")] }],
    [
      "has an env file that names it",
      { envFiles: [{ from: "repository", path: "a.env", content: new Uint8Array(), values: { HOST: "web" } }] },
    ],
  ])("%s", (_, caller) => {
    expect(notes(caller)).toEqual(said);
  });

  it("names one of its other names", () => {
    const caller = { fields: { environment: ["http://site"] } };
    expect(notes(caller, { networks: { default: { ...here, aliases: ["site"] } } })).toEqual(said);
    expect(notes(caller, { containerName: "site" })).toEqual(said);
    expect(notes(caller, { hostname: "site" })).toEqual(said);
  });
});

describe("a release service without a port is not noted", () => {
  it.each<[string, Partial<Service>]>([
    ["a worker, which nobody calls", {}],
    ["where only a path or another name is like it", { fields: { command: ["/web/run", "web-cache:80", "my.web"] } }],
  ])("as %s", (_, caller) => {
    expect(notes(caller)).toEqual([]);
  });

  it("as a job, for which others only wait", () => {
    const caller = { dependsOn: { web: { condition: "service_completed_successfully", required: true } } } as const;
    expect(notes(caller)).toEqual([]);
  });
});
