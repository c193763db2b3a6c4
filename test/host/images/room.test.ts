import { expect, it } from "vitest";
import { LocalServer } from "../attend/local-server.ts";

const image = `registry.invalid/app@sha256:${"1".repeat(64)}`;

it("a pull for which the disk has no room is refused before it begins, with what it needs and has", async () => {
  const run = await new LocalServer().session("one");
  const layers = { [image]: [{ diff: `sha256:${"2".repeat(64)}`, size: 1e15 }] };
  await expect(run.ask({ do: "fetch", images: [image], layers })).rejects.toThrow(
    /^images: the disk has no room for the images: a pull needs 2861022949 MB, has \d+ MB; make room with `slipway cl/,
  );
});

it("a pull of images whose size is not known goes on", async () => {
  const run = await new LocalServer().session("one");
  await run.ask({ do: "fetch", images: [image], layers: {} });
  expect((await run.end()).code).toBe(0);
});
