import { join } from "node:path";
import { officialPlugin, offlinePlugin } from "../sources/plugin.ts";
import type { Tool } from "../tool.ts";

/** The provider plugins whose resources our program declares. */
export const providers: readonly Tool[] = [
  provider("command", "1.2.1"),
  provider("docker", "5.2.0"),
  provider("tls", "5.6.1"),
];

function provider(name: string, version: string): Tool {
  return {
    name,
    version,
    check: [],
    sources: [officialPlugin, offlinePlugin],
    remedy: "run this again in a complete checkout",
    lock: (place) => join(place.localDirectory, "locks", name),
  };
}
