import { join } from "node:path";
import { quoteWords } from "../model/shell.ts";
import type { Place } from "./place.ts";

const mark = "# An offline plugin of slipway.";

/** The program of an offline plugin. */
export function offlineMain(plugin: string, place: Place): string {
  return join(place.checkout, "toolchain", "plugins", plugin, "main.ts");
}

/** The executable that Pulumi starts: this checkout's plugin under this very Node, whatever is on PATH. */
export function launcher(plugin: string, place: Place): string {
  const words = quoteWords([process.execPath, offlineMain(plugin, place)]);
  return `#!/bin/sh\n${mark}\nexec ${words} "$@"\n`;
}

/** Whether a file is a launcher of ours, perhaps of another checkout or another Node. */
export function isLauncher(content: Buffer): boolean {
  return content.includes(mark);
}
