import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./place.ts";

/** The program of an offline plugin. */
export function offlineMain(plugin: string, place: Place): string {
  return join(place.checkout, "toolchain", "plugins", plugin, "main.ts");
}

/** The same program in one file: from hundreds Node takes twice as long to start, and every operation of Pulumi starts four. Its name follows from what it is made of. */
export function bundleFile(plugin: string, place: Place): string {
  return join(bundleFolder(place), `${plugin}-${sourceHash(place)}.mjs`);
}

/** Makes the one file, unless it is there, and removes those of earlier sources. */
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
  const old = readdirSync(bundleFolder(place)).filter((name) => name.startsWith(`${plugin}-`) && !file.endsWith(name));
  old.forEach((name) => rmSync(join(bundleFolder(place), name), { force: true }));
}

function bundleFolder(place: Place): string {
  return join(place.localDirectory, "plugins");
}

const known = new Map<string, string>();

/** Plugins share code, so any change makes all of them anew. */
function sourceHash(place: Place): string {
  const hash = known.get(place.checkout) ?? hashOf(place);
  known.set(place.checkout, hash);
  return hash;
}

function hashOf({ checkout }: Place): string {
  const plugins = join(checkout, "toolchain", "plugins");
  const names = existsSync(plugins) ? readdirSync(plugins, { recursive: true, encoding: "utf8" }) : [];
  const sources = names.filter((name) => name.endsWith(".ts")).map((name) => join(plugins, name));
  const hash = createHash("sha256");
  for (const file of [
    ...sources.sort(),
    join(checkout, "toolchain", "executable.ts"),
    join(checkout, "package-lock.json"),
  ])
    if (existsSync(file)) hash.update(`${file.slice(checkout.length)}\n`).update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}
