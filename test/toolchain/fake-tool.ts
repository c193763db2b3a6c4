import { join } from "node:path";
import { cached, type Delivery, type Stage } from "../../toolchain/cache/stage.ts";
import type { Tool } from "../../toolchain/tool.ts";
import { script } from "./script.ts";

/** A delivery of a command `hammer` that prints this version. */
export function fakeDelivery(version: string, overrides: Partial<Delivery> = {}): Delivery {
  return {
    name: "the forge",
    origin: "built",
    forecast: "forges a hammer, no time at all",
    commands: { hammer: "bin/hammer" },
    obstacle: () => Promise.resolve(undefined),
    deliver: (stage) => {
      forge(stage, version);
      return Promise.resolve();
    },
    ...overrides,
  };
}

/** Writes the command `hammer` into the stage. */
export function forge(stage: Stage, version: string): void {
  script(join(stage.folder, "bin", "hammer"), [`echo hammer ${version}`]);
}

/** A tool `hammer` with these deliveries as its sources. */
export function hammer(...deliveries: readonly Delivery[]): Tool {
  return {
    name: "hammer",
    version: "2.0.0",
    check: ["--version"],
    sources: deliveries.map(cached),
    remedy: "buy a hammer",
  };
}
