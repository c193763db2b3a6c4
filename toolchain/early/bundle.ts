import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { checkout as ownCheckout, localDirectory } from "../paths.ts";
import { lockFile, sumOfSources } from "./sum-of-files.ts";

/** The folders of a slipway. Tests have their own. */
interface BundlePlace {
  readonly checkout: string;
  readonly cache: string;
}

const own: BundlePlace = { checkout: ownCheckout, cache: localDirectory };

/** The files of the Pulumi program in the top folder, each with a bundle of its own; they share what they import. */
const mains = ["early-program", "index"] as const;

/** The commands have a folder of their own in the bundle. */
const commands = "cli";

const folders = [commands, "components", "config", "model", "process", "registry", "remote", "secrets", "toolchain"];
const files = ["sdk.ts", "early-modules.ts", ...mains.map((main) => `${main}.ts`)];

/**
 * The file of the early program, which loads ten times fewer files than its sources are. In a checkout it is bundled
 * once for each state of the sources; a packed slipway holds the bundle.
 */
export async function earlyProgram(place: BundlePlace = own): Promise<string> {
  const folder = folderOf(place);
  if (!existsSync(folder) && !isPacked(place)) await writeBundle(place.checkout, join(place.cache, "early"), folder);
  return join(folder, "early-program.mjs");
}

/** The file of the bundled commands; undefined where no operation has bundled these sources yet. */
export function bundledCommands(place: BundlePlace = own): string | undefined {
  const file = join(folderOf(place), commands, "run.mjs");
  return existsSync(file) ? file : undefined;
}

function folderOf({ checkout, cache }: BundlePlace): string {
  if (isPacked({ checkout })) return packedProgram(checkout);
  return join(cache, "early", sumOfSources(checkout, folders, files));
}

function isPacked({ checkout }: Pick<BundlePlace, "checkout">): boolean {
  return !existsSync(join(checkout, lockFile));
}

/** The folder of the bundle in a packed slipway, which the script `prepack` makes. */
export function packedProgram(checkout: string): string {
  return join(checkout, "host", "bundle", "early");
}

/** Writes the bundle in one step, since another run may do the same, and removes those of earlier sources. */
async function writeBundle(checkout: string, all: string, folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  await bundleEarlyProgram(checkout, draft);
  const old = readdirSync(all).filter((name) => !name.includes("."));
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true }); // another run was quicker
  }
  for (const name of old) if (!folder.endsWith(name)) rmSync(join(all, name), { recursive: true, force: true });
}

/** Bundles the early program, index.ts and the commands of a checkout into a folder. */
export async function bundleEarlyProgram(checkout: string, folder: string): Promise<void> {
  const inputs = Object.fromEntries(mains.map((name) => [name, join(checkout, `${name}.ts`)]));
  await bundleInto(folder, checkout, inputs);
  await bundleInto(join(folder, commands), checkout, { run: join(checkout, commands, "run.ts") });
}

async function bundleInto(folder: string, checkout: string, input: Readonly<Record<string, string>>): Promise<void> {
  // Loaded here, so that only a run that bundles waits for the bundler.
  const { build } = await import("rolldown");
  await build({
    input: { ...input },
    cwd: checkout,
    platform: "node",
    logLevel: "silent",
    // The SDK's script runs the program, so both must have the same SDK. The grammar is a WebAssembly beside its code.
    external: [/^@pulumi\//, "rolldown", "libpg-query"],
    plugins: [{ name: "folders", transform: (code, id) => withFolder(code, relative(folder, dirname(id))) }],
    output: {
      dir: folder,
      format: "esm",
      entryFileNames: "[name].mjs",
      chunkFileNames: "[name].mjs",
      // Whoever loads zod tunes it, too: only schemas that are made after that are tuned.
      codeSplitting: { groups: [{ name: "zod", test: /node_modules\/zod\/|interpreted-schemas/ }] },
      sourcemap: true,
      sourcemapExcludeSources: true,
      comments: false,
    },
  });
}

/** Lets a source know the folder in which it lies, as it would outside of a bundle. The lines stay. */
function withFolder(code: string, way: string): string | undefined {
  const itself = /(?<!")\bimport\.meta\.dirname\b(?!")/g; // this file and others name it in texts
  if (!itself.test(code)) return undefined;
  return code.replaceAll(itself, `(import.meta.dirname + ${JSON.stringify(`/${way}`)})`);
}
