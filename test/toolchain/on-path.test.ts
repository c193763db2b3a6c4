import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { onPath } from "../../toolchain/sources/on-path.ts";
import { fakeDelivery, hammer } from "./fake-tool.ts";
import { sandbox } from "./sandbox.ts";
import { script } from "./script.ts";

const found = { ...hammer(fakeDelivery("2.0.0")), sources: [onPath("hammer")] };

test("a command on PATH that is new enough is used, and nothing is installed", async () => {
  const { command, run, said } = sandbox();
  const file = command("hammer", "echo hammer 2.0.1");
  const [outcome] = await run(found);
  expect(outcome).toMatchObject({ fresh: false, installed: { origin: "found", version: "2.0.1", detail: file } });
  expect(said).toEqual([]);
});

test("rejects an older command on PATH with the required version", async () => {
  const { command, run } = sandbox();
  const file = command("hammer", "echo hammer 1.9.9");
  await expect(run(found)).rejects.toThrow(
    `hammer 2.0.0: no source can provide it (PATH: ${file} has version 1.9.9, but 2.0.0 or newer is required); ` +
      "buy a hammer",
  );
});

test("rejects a command on PATH that fails", async () => {
  const { command, run } = sandbox();
  const file = command("hammer", "exit 3");
  await expect(run(found)).rejects.toThrow(`PATH: ${file} --version ended with code 3`);
});

test.each([
  { whose: "this checkout", which: "." },
  { whose: "another checkout", which: "../another" },
])("a tool in .slipway/bin of $whose is not found on PATH", async ({ which }) => {
  const { place, run } = sandbox();
  const folder = join(place.checkout, which, relative(place.checkout, place.binDirectory));
  script(join(folder, "hammer"), ["echo hammer 2.0.0"]);
  process.env["PATH"] = `${folder}:${process.env["PATH"] ?? ""}`;
  await expect(run(found)).rejects.toThrow("PATH: not on PATH");
});

test("a command that needs a file beside it is found only where that file is", async () => {
  const { command, run } = sandbox();
  const file = command("hammer", "echo hammer 2.0.0");
  const paired = { ...found, sources: [onPath("hammer", { beside: "anvil" })] };
  await expect(run(paired)).rejects.toThrow(`PATH: ${file} has no anvil beside it`);
  command("anvil");
  expect(await run(paired)).toMatchObject([{ installed: { origin: "found" } }]);
});
