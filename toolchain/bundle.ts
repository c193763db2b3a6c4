import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./cache/place.ts";

/** The main source file of an offline plugin. */
export function offlineMain(plugin: string, place: Place): string {
  return join(place.checkout, "toolchain", "plugins", plugin, "main.ts");
}

/**
 * The file that holds a whole offline plugin. Node takes twice as long to start a plugin from hundreds of files, and
 * every Pulumi operation starts four of them. The name contains a hash of the sources.
 */
export function bundleFile(plugin: string, place: Place): string {
  return join(bundleFolder(place), `${plugin}-${sourceHash(place)}.mjs`);
}

/** Bundles an offline plugin into its file, unless that exists. */
export async function bundle(plugin: string, place: Place): Promise<void> {
  const file = bundleFile(plugin, place);
  if (existsSync(file)) return;
  mkdirSync(bundleFolder(place), { recursive: true });
  // Loaded here, so that only a run that bundles waits for the bundler to load.
  const { build } = await import("rolldown");
  const fresh = `${file}.${process.pid}`;
  await build({
    input: offlineMain(plugin, place),
    platform: "node",
    // CommonJS packages use these two names, which ES modules do not have.
    transform: { define: { __dirname: "import.meta.dirname", __filename: "import.meta.filename" } },
    // Compiled addons are never installed, because packages run no install scripts; their users work without them.
    external: [/\.node$/, "cpu-features"],
    output: { file: fresh, format: "esm", codeSplitting: false },
    logLevel: "silent",
  });
  renameSync(fresh, file);
}

/** Removes the bundles of earlier sources; call it when no launcher names them any more. */
export function removeOldBundles(plugin: string, place: Place): void {
  const file = bundleFile(plugin, place);
  const old = readdirSync(bundleFolder(place)).filter((name) => name.startsWith(`${plugin}-`) && !file.endsWith(name));
  old.forEach((name) => rmSync(join(bundleFolder(place), name), { force: true }));
}

function bundleFolder(place: Place): string {
  return join(place.localDirectory, "plugins");
}

/** The hashes by checkout, since a run asks for them several times. */
const known = new Map<string, string>();

/** The hash of all sources that any plugin uses: plugins share code, so a change rebuilds all of them. */
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

/** The names of the TypeScript files in a folder, in a fixed order. */
function filesIn(folder: string, recursive = false): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort();
}
