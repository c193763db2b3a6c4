import { goModule } from "../sources/go-module.ts";
import { onPath } from "../sources/on-path.ts";
import type { Tool } from "../tool.ts";

const version = "2.10.1";

/** A certificate authority for tests, with the ACME protocol of Let's Encrypt. */
export const pebble: Tool = {
  name: "pebble",
  version,
  check: ["-version"],
  sources: [
    onPath("pebble"),
    goModule({
      module: "pebble",
      package: "github.com/letsencrypt/pebble/v2/cmd/pebble",
      command: "pebble",
      ldflags: `-s -w -X main.version=${version}`,
      forecast: "builds pebble from its Go module, about a minute",
    }),
  ],
  remedy: `install pebble ${version} or newer`,
};
