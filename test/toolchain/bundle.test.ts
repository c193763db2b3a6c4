import { readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "rolldown";
import { expect, test } from "vitest";
import { bundle, bundleFile, offlineMain, removeOldBundles } from "../../toolchain/bundle.ts";
import { runChild } from "../../process/child.ts";
import { here, type Place } from "../../toolchain/cache/place.ts";
import { sandbox } from "./sandbox.ts";
import { write } from "./script.ts";

/** A checkout with two offline plugins that import the same word. */
function checkoutWith(word: string): Place {
  const { file, place } = sandbox();
  file("toolchain/word.ts", `export const word: string = "${word}";\n`);
  const main = 'import { word } from "../../word.ts";\nconsole.log(word);\n';
  for (const plugin of ["hammer", "saw"]) file(`toolchain/plugins/${plugin}/main.ts`, main);
  return place;
}

test("an offline plugin runs from one file, whose name changes with the code that plugins share", async () => {
  const place = checkoutWith("steel");
  await bundle("hammer", place);
  const file = bundleFile("hammer", place);
  expect(await runChild([process.execPath, file])).toMatchObject({ code: 0, stdout: "steel\n" });
  const names = [place, checkoutWith("steel"), checkoutWith("iron")].map((one) =>
    relative(one.checkout, bundleFile("hammer", one)),
  );
  expect(names[1]).toBe(names[0]);
  expect(names[2]).not.toBe(names[0]);
});

test("bundles of a plugin's earlier sources are removed; its current one and those of other plugins stay", async () => {
  const place = checkoutWith("steel");
  await bundle("hammer", place);
  const file = bundleFile("hammer", place);
  const folder = dirname(file);
  for (const name of ["hammer-0123456789ab.mjs", "saw-0123456789ab.mjs"]) write(join(folder, name), "");
  removeOldBundles("hammer", place);
  expect(readdirSync(folder).sort()).toEqual([relative(folder, file), "saw-0123456789ab.mjs"]);
});

test.each(["command", "docker", "language-nodejs", "tls"])(
  "the name of the %s plugin's bundle depends on all its source files",
  async (plugin) => {
    const { output } = await build({ input: offlineMain(plugin, here), external: [/^[^./]/], write: false });
    const files = output[0].moduleIds.map((file) => relative(here.checkout, file));
    expect(files).toContain(`toolchain/plugins/${plugin}/main.ts`);
    expect(files.filter((file) => !/^(toolchain|process)\/([^/]+|plugins\/.+)\.ts$/.test(file))).toEqual([]);
  },
);
