import { HostClient, type HostClientOptions } from "./host-client.ts";
import { bundleHostProgram } from "./program.ts";
import type { Run } from "./run.ts";

interface ConnectOptions extends Omit<HostClientOptions, "program" | "run"> {
  readonly run: Run;
}

/** Connects a run to a server, which runs the host program of this version. */
export function connect(options: ConnectOptions): HostClient {
  return new HostClient({ ...options, program: bundleHostProgram(), run: options.run.id });
}
