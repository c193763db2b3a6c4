import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./cache/place.ts";

/** The program of an offline plugin. */
export function offlineMain(plugin: string, place: Place): string {
  return join(place.checkout, "toolchain", "plugins", plugin, "main.ts");
}

/** The same program in one file: from hundreds Node takes twice as long to start, and every operation of Pulumi starts four. Its name follows from what it is made of. */
export function bundleFile(plugin: string, place: Place): string {
  return join(bundleFolder(place), `${plugin}-${sourceHash(place)}.mjs`);
}

/** Makes the one file, unless it is there. */
export async function bundle(plugin: string, place: Place): Promise<void> {
  const file = bundleFile(plugin, place);
  if (existsSync(file)) return;
  mkdirSync(bundleFolder(place), { recursive: true });
  // Only whoever makes a bundle waits for the bundler.
  const { build } = await import("rolldown");
  const fresh = `${file}.${process.pid}`;
  await build({
    input: offlineMain(plugin, place),
    platform: "node",
    // Packages of CommonJS ask for these, which a module does not have.
    transform: { define: { __dirname: "import.meta.dirname", __filename: "import.meta.filename" } },
    // What is compiled for a machine is never there, since no package runs scripts; who asks for it does without.
    external: [/\.node$/, "cpu-features"],
    output: { file: fresh, format: "esm", codeSplitting: false },
    logLevel: "silent",
  });
  renameSync(fresh, file);
}

/** Removes the files of earlier sources, once no launcher names them any more. */
export function removeOldBundles(plugin: string, place: Place): void {
  const file = bundleFile(plugin, place);
  const old = readdirSync(bundleFolder(place)).filter((name) => name.startsWith(`${plugin}-`) && !file.endsWith(name));
  old.forEach((name) => rmSync(join(bundleFolder(place), name), { force: true }));
}

function bundleFolder(place: Place): string {
  return join(place.localDirectory, "plugins");
}

const known = new Map<string, string>();

/** Plugins share code, with each other and with the toolchain, so any change of either makes all of them anew. */
function sourceHash(place: Place): string {
  const hash = known.get(place.checkout) ?? hashOf(place);
  known.set(place.checkout, hash);
  return hash;
}

function hashOf({ checkout }: Place): string {
  const toolchain = join(checkout, "toolchain");
  const own = filesIn(toolchain).map((name) => join(toolchain, name));
  const shared = filesIn(join(checkout, "process")).map((name) => join(checkout, "process", name));
  const plugins = filesIn(join(toolchain, "plugins"), true).map((name) => join(toolchain, "plugins", name));
  const hash = createHash("sha256");
  for (const file of [...own, ...shared, ...plugins, join(checkout, "package-lock.json")])
    if (existsSync(file)) hash.update(`${file.slice(checkout.length)}\n`).update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}

function filesIn(folder: string, recursive = false): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort();
}
