import { quoteWords } from "../model/shell.ts";
import { bundleFile } from "./bundle.ts";
import type { Place } from "./cache/place.ts";

/** The line by which a launcher is recognised. */
const mark = "# An offline plugin of slipway.";

/** The plugin that runs our program, which decrypts with the keys of its environment. */
const programHost = "language-nodejs";

/** Pulumi gives its whole environment to every plugin. A provider needs no key. */
const withoutKeys = "unset SSH_PRIVATE_KEY SSH_OBSERVE_KEY SOPS_AGE_KEY SOPS_AGE_KEY_B64 SOPS_AGE_KEY_FILE\n";

/** The script that Pulumi starts as a plugin: it runs this checkout's bundle with the current Node, not with PATH's. */
export function launcher(plugin: string, place: Place): string {
  const words = quoteWords([process.execPath, bundleFile(plugin, place)]);
  return `#!/bin/sh\n${mark}\n${plugin === programHost ? "" : withoutKeys}exec ${words} "$@"\n`;
}

/** Recognises a launcher of ours, also one of another checkout or another Node. */
export function isLauncher(content: Buffer): boolean {
  return content.includes(mark);
}
