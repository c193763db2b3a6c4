import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkout } from "../toolchain/paths.ts";
import { bundleEarlyProgram, packedProgram } from "../toolchain/early/bundle.ts";
import { bundleProgram } from "./bundle.ts";
import { packedBundle } from "./program.ts";
import { packedRuntimes, readRuntimePackages } from "./runtime-packages.ts";

// `npm pack` runs this: the tarball holds no lock file, so it gets what a run takes from there.
const bundle = packedBundle(checkout);
mkdirSync(dirname(bundle), { recursive: true });
writeFileSync(bundle, await bundleProgram(checkout));
await bundleEarlyProgram(checkout, packedProgram(checkout));
writeFileSync(packedRuntimes(checkout), JSON.stringify(readRuntimePackages(checkout), undefined, 2));
process.stderr.write(`prepack: ${readFileSync(bundle).length} bytes of host program, ${join("host", "bundle")}\n`);
