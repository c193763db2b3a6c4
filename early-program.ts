/**
 * Our program, started before the engine asks for it. It connects to the servers of the named stack, and loads its
 * modules, while the engine starts. Then it runs as the SDK's script would have run it from the start.
 */
import "./model/interpreted-schemas.ts";
import { createRequire, registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { composeSpecification } from "./config/schema/compose-specification.ts";
import { readEarlyServers } from "./config/early-servers.ts";
import { EarlyConnections } from "./remote/early-connections.ts";

const startSchema = z.object({ words: z.array(z.string()).min(1), environment: z.record(z.string(), z.string()) });

const asked = new Promise((resolve) => process.once("message", resolve));
process.once("disconnect", leave);
connectEarly(process.argv[2]);
await import("./early-modules.ts");
composeSpecification();
run(startSchema.parse(await asked));

function connectEarly(stack: string | undefined): void {
  const environment = process.env;
  const found = stack === undefined ? undefined : readEarlyServers({ folder: process.cwd(), stack, environment });
  if (found !== undefined) EarlyConnections.beginForProcess({ stack: found.stack, environment }, found.servers);
}

function run({ words, environment }: z.infer<typeof startSchema>): void {
  process.off("disconnect", leave);
  process.disconnect();
  Object.assign(process.env, environment);
  // The SDK read its settings from the environment when the first provider's package registered itself. It reads them
  // again without these. What the packages registered serves references to resources, of which we pass none.
  Reflect.deleteProperty(globalThis, "globalStore");
  process.argv = [process.execPath, ...words];
  if (!import.meta.filename.endsWith(".ts")) runBundledIndex();
  const [script = ""] = words;
  createRequire(import.meta.url)(script);
}

/** Leads the SDK's script from index.ts to its bundle, which is beside this one. */
function runBundledIndex(): void {
  const source = pathToFileURL(join(import.meta.dirname, "index.ts")).href;
  const url = new URL("index.mjs", import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === source ? { url, shortCircuit: true } : next(specifier, context),
  });
}

/** The language host ended before the engine asked for the program. */
function leave(): void {
  process.exit();
}
