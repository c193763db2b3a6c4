import { readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "rolldown";
import { expect, test } from "vitest";
import { bundle, bundleFile, offlineMain, removeOldBundles } from "../../toolchain/bundle.ts";
import { runChild } from "../../process/child.ts";
import { here, type Place } from "../../toolchain/cache/place.ts";
import { ground } from "./sandbox.ts";
import { write } from "./script.ts";

/** A checkout with two offline plugins that share a word. */
function checkoutOf(word: string): Place {
  const { file, place } = ground();
  file("toolchain/word.ts", `export const word: string = "${word}";\n`);
  const main = 'import { word } from "../../word.ts";\nconsole.log(word);\n';
  for (const plugin of ["hammer", "saw"]) file(`toolchain/plugins/${plugin}/main.ts`, main);
  return place;
}

test("an offline plugin runs from one file, which has another name once anything that plugins share is another", async () => {
  const place = checkoutOf("steel");
  await bundle("hammer", place);
  const file = bundleFile("hammer", place);
  expect(await runChild([process.execPath, file])).toMatchObject({ code: 0, stdout: "steel\n" });
  const names = [place, checkoutOf("steel"), checkoutOf("iron")].map((one) =>
    relative(one.checkout, bundleFile("hammer", one)),
  );
  expect(names[1]).toBe(names[0]);
  expect(names[2]).not.toBe(names[0]);
});

test("files of a plugin's earlier sources are removed, and neither its own nor those of other plugins", async () => {
  const place = checkoutOf("steel");
  await bundle("hammer", place);
  const file = bundleFile("hammer", place);
  const folder = dirname(file);
  for (const name of ["hammer-0123456789ab.mjs", "saw-0123456789ab.mjs"]) write(join(folder, name), "");
  removeOldBundles("hammer", place);
  expect(readdirSync(folder).sort()).toEqual([relative(folder, file), "saw-0123456789ab.mjs"]);
});

test.each(["command", "docker", "language-nodejs", "tls"])(
  "the plugin %s is made of files that its bundle's name follows from",
  async (plugin) => {
    const { output } = await build({ input: offlineMain(plugin, here), external: [/^[^./]/], write: false });
    const files = output[0].moduleIds.map((file) => relative(here.checkout, file));
    expect(files).toContain(`toolchain/plugins/${plugin}/main.ts`);
    expect(files.filter((file) => !/^(toolchain|process)\/([^/]+|plugins\/.+)\.ts$/.test(file))).toEqual([]);
  },
);
