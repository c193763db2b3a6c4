/**
 * Our program, started before the engine asks for it: its modules are loaded while the engine starts. Then it runs as
 * the SDK's script would have run it from the start. Imports that index.ts has and this file lacks only cost time.
 */
import "./model/interpreted-schemas.ts";
import { createRequire } from "node:module";
import { z } from "zod";
import "./components/environment.ts";
import "./components/stack-outputs.ts";
import "./config/load.ts";
import "./config/plan-files.ts";
import "./config/registry-login.ts";
import "./model/plan/plan.ts";
import "./model/report/print-plan.ts";
import "./model/report/table.ts";
import "./remote/health.ts";
import "./remote/observe.ts";
import "./remote/session.ts";

const startSchema = z.object({ words: z.array(z.string()).min(1), environment: z.record(z.string(), z.string()) });

process.once("message", (message) => {
  process.off("disconnect", leave);
  process.disconnect();
  const { words, environment } = startSchema.parse(message);
  Object.assign(process.env, environment);
  // The SDK read its settings from the environment when the first provider's package registered itself. It reads them
  // again without these. What the packages registered serves references to resources, of which we pass none.
  Reflect.deleteProperty(globalThis, "globalStore");
  process.argv = [process.execPath, ...words];
  const [script = ""] = words;
  createRequire(import.meta.url)(script);
});
process.once("disconnect", leave);

/** The language host ended before the engine asked for the program. */
function leave(): void {
  process.exit();
}
