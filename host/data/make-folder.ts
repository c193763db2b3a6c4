import { basename, dirname, relative } from "node:path";
import { Folder } from "../files/folder.ts";
import { nearestExisting, realPath } from "../files/real-path.ts";

/** Owner and mode of a folder that Docker makes for a bind mount. */
const asDocker = { mode: 0o755, uid: 0, gid: 0 };

/**
 * Makes a folder of the server and those above it that are missing, as Docker would. Links above it are the
 * administrator's; what is made here is reached through no link.
 */
export function makeFolder(path: string): void {
  const real = realPath(path);
  const there = nearestExisting(dirname(real));
  let folder = Folder.open(there);
  try {
    for (const name of [...relative(there, dirname(real)).split("/"), basename(real)].filter((part) => part !== "")) {
      const next = folder.make(name, asDocker);
      folder[Symbol.dispose]();
      folder = next;
    }
  } finally {
    folder[Symbol.dispose]();
  }
}
