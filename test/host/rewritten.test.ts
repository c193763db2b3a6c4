import { Buffer } from "node:buffer";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeDocument } from "../../model/document/writer.ts";
import { staging } from "./answer.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
beforeEach(() => {
  host = new LocalHost();
});
afterEach(() => {
  host.remove();
});

type Mounts = Readonly<Record<string, Readonly<Record<string, string>>>>;

function document(order: number, mounts: Mounts): string {
  const services = Object.fromEntries(
    Object.entries(mounts).map(([name, numbers]) => [
      name,
      { image: name, deadline: "5", mounts: numbers, variables: {} },
    ]),
  );
  const body = { directory: "/srv/app", project: "app", compose: Buffer.from("services: {}\n"), services };
  return writeDocument({ kind: "compose", resource: "shared", body }, { order, attempt: "a" });
}

/** The services that the second document restarts after the first one, if any, was applied. */
async function rewritten(first: Mounts | undefined, second: Mounts): Promise<string> {
  writeFileSync(join(host.folder, "second"), document(2, second));
  const apply = `applied_write compose:app 1.a hash shared ${host.folder}/first;`;
  if (first !== undefined) writeFileSync(join(host.folder, "first"), document(1, first));
  const read = `document_read ${host.folder}/second; rewritten_services compose:app`;
  return (await host.source(staging, `mkdir -p "$stack_state"; ${first === undefined ? "" : apply} ${read}`)).stdout;
}

describe("a service that mounts a folder", () => {
  const grafana = { "/etc/grafana/dashboards": "1.a", "/etc/grafana/provisioning": "1.a" };

  it("is restarted once one of its files was rewritten, and no other service is", async () => {
    const first = { grafana, prometheus: { "/etc/prometheus/prometheus.yml": "1.a" } };
    const second = { ...first, grafana: { ...grafana, "/etc/grafana/dashboards": "1.a 2.b" } };
    expect(await rewritten(first, second)).toBe("grafana\n");
  });

  it("keeps running while nothing was written", async () => {
    expect(await rewritten({ grafana }, { grafana })).toBe("");
  });

  it("is not restarted at its first start, or for a mount that Compose itself adds", async () => {
    expect(await rewritten(undefined, { grafana })).toBe("");
    expect(await rewritten({ grafana: {} }, { grafana })).toBe("");
  });
});
