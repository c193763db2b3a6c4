/**
 * Our program, started before the engine asks for it. It connects to the servers of the named stack, and loads its
 * modules, while the engine starts. Then it runs as the SDK's script would have run it from the start.
 */
import "./model/interpreted-schemas.ts";
import { createRequire } from "node:module";
import { z } from "zod";
import { composeSpecification } from "./config/schema/compose-specification.ts";
import { readEarlyServers } from "./config/early-servers.ts";
import { EarlyConnections } from "./remote/early-connections.ts";

const startSchema = z.object({ words: z.array(z.string()).min(1), environment: z.record(z.string(), z.string()) });

const asked = new Promise((resolve) => process.once("message", resolve));
process.once("disconnect", leave);
connectEarly(process.argv[2]);
await loadModules();
run(startSchema.parse(await asked));

function connectEarly(stack: string | undefined): void {
  const environment = process.env;
  const found = stack === undefined ? undefined : readEarlyServers({ folder: process.cwd(), stack, environment });
  if (found !== undefined) EarlyConnections.beginForProcess({ stack: found.stack, environment }, found.servers);
}

/** Loads what index.ts imports and reads; what is missing here is only loaded later. */
async function loadModules(): Promise<void> {
  await import("./components/environment.ts");
  await import("./components/stack-outputs.ts");
  await import("./config/load.ts");
  await import("./config/plan-files.ts");
  await import("./config/registry-login.ts");
  await import("./model/plan/plan.ts");
  await import("./model/report/print-plan.ts");
  await import("./model/report/table.ts");
  await import("./remote/health.ts");
  await import("./remote/observe.ts");
  await import("./remote/session.ts");
  composeSpecification();
}

function run({ words, environment }: z.infer<typeof startSchema>): void {
  process.off("disconnect", leave);
  process.disconnect();
  Object.assign(process.env, environment);
  // The SDK read its settings from the environment when the first provider's package registered itself. It reads them
  // again without these. What the packages registered serves references to resources, of which we pass none.
  Reflect.deleteProperty(globalThis, "globalStore");
  process.argv = [process.execPath, ...words];
  const [script = ""] = words;
  createRequire(import.meta.url)(script);
}

/** The language host ended before the engine asked for the program. */
function leave(): void {
  process.exit();
}
