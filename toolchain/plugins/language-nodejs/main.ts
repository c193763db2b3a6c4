import { writeSync } from "node:fs";
import { EarlyProgram } from "./early-program.ts";

/**
 * Starts the Node language host: serves the gRPC service and prints the port. An early program starts first, since it
 * has more to load than what serves the engine.
 */
async function main([first, ...rest]: readonly string[]): Promise<void> {
  if (first === "--version") {
    const { version } = await import("./about.ts");
    writeSync(1, `${version}\n`);
    return;
  }
  const early = first === "--early" ? new EarlyProgram(rest) : undefined;
  const { serveEarly, serveEngine } = await import("./serve.ts");
  if (early !== undefined) serveEarly(early);
  // The engine's address is the last argument, after logging flags.
  else serveEngine(rest.at(-1) ?? first);
}

await main(process.argv.slice(2));
