import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { lookForTools } from "../../toolchain/look.ts";
import type { Tool } from "../../toolchain/tool.ts";
import { fakeDelivery, hammer } from "./fake-tool.ts";
import { sandbox } from "./sandbox.ts";

/** A tool that asks for another one to find out whether it is present, as plugins ask for Pulumi. */
function nail(needed: Tool): Tool {
  const present: Tool["sources"][number]["present"] = async (_tool, run) => {
    const { version } = await run.use(needed);
    return { origin: "found", detail: "in the wall", version, commands: {} };
  };
  const [source] = hammer(fakeDelivery("2.0.0")).sources;
  if (source === undefined) throw new Error("there is no source");
  return { ...hammer(), name: "nail", sources: [{ ...source, present }] };
}

test("an absent tool is not installed by a look, and neither is one that another tool asks for", async () => {
  const { place } = sandbox();
  const tool = hammer(fakeDelivery("2.0.0"));
  expect(await lookForTools([tool, nail(tool)], place)).toMatchObject([
    { source: "the forge" },
    { waitsFor: "hammer" },
  ]);
  expect(existsSync(place.binDirectory)).toBe(false);
});

test("a present tool is found, also by one that asks for it", async () => {
  const { place, run } = sandbox();
  const tool = hammer(fakeDelivery("2.0.0"));
  await run(tool);
  const installed = { version: "2.0.0" };
  expect(await lookForTools([tool, nail(tool)], place)).toMatchObject([{ installed }, { installed }]);
});

test("a tool that nothing can provide is a problem, with the way out", async () => {
  const { place } = sandbox();
  const closed = hammer(fakeDelivery("2.0.0", { obstacle: () => Promise.resolve("is closed") }));
  const [look] = await lookForTools([closed], place);
  const what = "no source can provide it (the forge: is closed)";
  expect(look).toMatchObject({ problem: { path: "hammer 2.0.0", what, todo: "buy a hammer" } });
});
