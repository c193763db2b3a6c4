import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Arborist } from "@npmcli/arborist";
import { checkout } from "../../toolchain/paths.ts";

test("Pulumi's SDK gets no resolver of npm, and a resource with a function is refused in words", () => {
  const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
  expect(sdk.resolve("@npmcli/arborist")).toBe(join(checkout, "toolchain", "no-arborist", "index.ts"));
  expect(Arborist).toThrow(/^a resource holds a function, for which Pulumi needs npm's resolver/);
});
