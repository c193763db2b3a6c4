import { quoteWords } from "../model/shell.ts";
import { bundleFile } from "./bundle.ts";
import type { Place } from "./cache/place.ts";

/** The line by which a launcher is recognised. */
const mark = "# An offline plugin of slipway.";

/** The script that Pulumi starts as a plugin: it runs this checkout's bundle with the current Node, not with PATH's. */
export function launcher(plugin: string, place: Place): string {
  const words = quoteWords([process.execPath, bundleFile(plugin, place)]);
  return `#!/bin/sh\n${mark}\nexec ${words} "$@"\n`;
}

/** Recognises a launcher of ours, also one of another checkout or another Node. */
export function isLauncher(content: Buffer): boolean {
  return content.includes(mark);
}
