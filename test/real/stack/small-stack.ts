import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import type { AapertureServer } from "./aaperture-server.ts";

const stackSchema = z.looseObject({ config: z.record(z.string(), z.unknown()) });

/** What a team writes for an application of its own. */
interface SmallApplication {
  /** The compose file. */
  readonly compose: object;
  /** The key `services` of the stack. */
  readonly services?: object;
  /** The key `ports` of the stack. */
  readonly ports?: object;
  /** Further keys of the stack. */
  readonly keys?: Readonly<Record<string, unknown>>;
  /** The release document; there is none without it. */
  readonly release?: object;
}

/** Puts another application into the project, in the place of aaperture. */
export function writeSmallApplication({ aaperture }: AapertureServer, application: SmallApplication): void {
  const { compose, services = {}, ports = {}, keys = {}, release } = application;
  const file = (name: string): string => join(aaperture.folder, name);
  writeFileSync(file("compose.yaml"), stringify(compose));
  for (const name of [".env.example", "release.json"]) rmSync(file(name), { force: true });
  if (release !== undefined) writeFileSync(file("release.json"), JSON.stringify(release));
  const [main = ""] = /^main: .*$/m.exec(readFileSync(file("Pulumi.yaml"), "utf8")) ?? [];
  const runtime = "runtime: { name: nodejs, options: { typescript: false } }";
  writeFileSync(file("Pulumi.yaml"), ["name: aaperture", runtime, main, ""].join("\n"));
  const { config, ...encryption } = stackSchema.parse(parse(readFileSync(file("Pulumi.staging.yaml"), "utf8")));
  const kept = Object.entries(config).filter(([key]) => /:(host|directory|project|fingerprintKey)$/.test(key));
  const more = Object.entries(keys).map(([key, value]) => [`aaperture:${key}`, value] as const);
  const own = { "aaperture:services": services, "aaperture:ports": ports, ...Object.fromEntries(more) };
  const stack = { ...encryption, config: { ...Object.fromEntries(kept), ...own } };
  writeFileSync(file("Pulumi.staging.yaml"), stringify(stack));
}
