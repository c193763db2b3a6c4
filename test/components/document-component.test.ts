import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { DocumentComponent } from "../../components/document-component.ts";
import { checkout } from "../../toolchain/paths.ts";

/** Everything that the files of components/ export, by its name. */
async function exported(): Promise<(readonly [string, unknown])[]> {
  const folder = join(checkout, "components");
  const all: (readonly [string, unknown])[] = [];
  for (const file of readdirSync(folder)) {
    const module: unknown = await import(join(folder, file));
    if (typeof module === "object" && module !== null) all.push(...Object.entries(module));
  }
  return all;
}

describe("every component", () => {
  it("has a type of its own, named after its class", async () => {
    const components = (await exported()).filter(
      ([, one]) =>
        typeof one === "function" && one.prototype instanceof pulumi.ComponentResource && one !== DocumentComponent,
    );
    expect(components.length).toBe(12);
    const types = components.map(([name, one]) => {
      const type: unknown = Object.getOwnPropertyDescriptor(one, "type")?.value;
      return [name, type];
    });
    expect(types).toEqual(components.map(([name]) => [name, `slipway:index:${name}`]));
  });
});
