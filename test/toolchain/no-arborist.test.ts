import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Arborist } from "@npmcli/arborist";
import { checkout } from "../../toolchain/paths.ts";

test("Pulumi's SDK loads no npm resolver, and a resource with a function gets a clear error", () => {
  const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
  expect(sdk.resolve("@npmcli/arborist")).toBe(join(checkout, "toolchain", "no-arborist", "index.ts"));
  expect(Arborist).toThrow(/^a resource holds a function, for which Pulumi needs npm's resolver/);
});
