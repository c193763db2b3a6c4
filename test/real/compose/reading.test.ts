import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { dockerCompose } from "../../../toolchain/tools/docker-compose.ts";
import { ensureTools } from "../../../toolchain/toolchain.ts";
import type { Service } from "../../../model/compose/application.ts";
import { omit } from "../../../model/compose/value.ts";
import type { JsonMap } from "../../../model/json.ts";
import { read } from "../../model/compose/trial.ts";
import { fullSeries } from "../series.ts";
import { composeFiles, variables } from "./arbitrary-service.ts";
import { portsIn } from "../../../model/port-range.ts";

const project = z.object({ services: z.record(z.string(), z.record(z.string(), z.json())) });
const portsOf = z.array(z.object({ target: z.number(), protocol: z.string() }));
const volumesOf = z.array(z.object({ target: z.string(), source: z.string().optional() }));

let folder: string;
let compose: string;

beforeAll(async () => {
  const [outcome] = await ensureTools([dockerCompose], () => undefined);
  compose = outcome?.installed.commands[dockerCompose.name] ?? "";
  folder = mkdtempSync(join(tmpdir(), "slipway-reading-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The service `api` as Compose reads it from these files. */
function readByCompose(files: Readonly<Record<string, string>>): JsonMap {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const words = Object.keys(files).flatMap((name) => ["--file", join(folder, name)]);
  const env = { PATH: process.env["PATH"], HOME: folder, ...variables };
  const json = execFileSync(compose, ["--project-name", "p", ...words, "config", "--format", "json"], {
    env,
    stdio: "pipe",
  });
  return project.parse(JSON.parse(json.toString())).services["api"] ?? {};
}

/** A read service as a compose file for a server. Ports and volumes are left out, since the stack decides them. */
function written({ fields, restart, dependsOn }: Service): string {
  const api = { image: "api", ...fields, ...(restart !== undefined && { restart }), depends_on: dependsOn };
  return JSON.stringify({ services: { db: { image: "db" }, api } });
}

describe("two compose files that slipway reads", () => {
  test("are one service with the fields that Compose makes of them", { timeout: 1_800_000 }, () => {
    const same = fc.property(composeFiles, (files) => {
      const { application, problems } = read(files["compose.yaml"], { files, more: ["over.yaml"], variables });
      expect(problems).toEqual([]);
      const service = application?.services["api"];
      if (service === undefined) throw new Error("it was not read");
      const theirs = readByCompose(files);
      const ours = readByCompose({ "read.yaml": written(service) });
      expect(omit(ours, ["ports", "volumes"])).toEqual(omit(theirs, ["ports", "volumes"]));
      const ports = portsOf.parse(theirs["ports"] ?? []).map(({ target, protocol }) => `${target}/${protocol}`);
      const numbers = service.ports.flatMap(({ target, protocol }) =>
        portsIn(target).map((port) => `${port}/${protocol}`),
      );
      expect([...new Set(numbers)].sort()).toEqual([...new Set(ports)].sort());
      const mounts = volumesOf.parse(theirs["volumes"] ?? []).map(({ target, source }) => ({ target, source }));
      const own = service.mounts.map((mount) => ({
        target: mount.target,
        source: mount.type === "volume" ? mount.source : undefined,
      }));
      expect(own).toEqual(mounts);
    });
    fc.assert(same, { numRuns: fullSeries ? 300 : 30 });
  });
});
