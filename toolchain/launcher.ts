import { quoteWords } from "../model/shell.ts";
import { bundleFile } from "./bundle.ts";
import type { Place } from "./cache/place.ts";

const mark = "# An offline plugin of slipway.";

/** The executable that Pulumi starts: this checkout's plugin under this very Node, whatever is on PATH. */
export function launcher(plugin: string, place: Place): string {
  const words = quoteWords([process.execPath, bundleFile(plugin, place)]);
  return `#!/bin/sh\n${mark}\nexec ${words} "$@"\n`;
}

/** Whether a file is a launcher of ours, perhaps of another checkout or another Node. */
export function isLauncher(content: Buffer): boolean {
  return content.includes(mark);
}
