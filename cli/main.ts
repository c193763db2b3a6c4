/** Runs the commands from their bundle, which loads faster than the sources, or else from the sources. */
import { pathToFileURL } from "node:url";
import { bundledCommands } from "../toolchain/early/bundle.ts";

const bundle = bundledCommands();
// eslint-disable-next-line slipway/zones -- the bundle of cli/run.ts, whose modules are checked
await (bundle === undefined ? import("./run.ts") : import(pathToFileURL(bundle).href));
