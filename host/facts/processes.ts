import { readdirSync, readFileSync, statSync } from "node:fs";
import { liesIn, linkAt } from "../files/real-path.ts";

/** A process of this server. Its words are never told: they may hold secrets. */
interface ServerProcess {
  readonly pid: string;
  readonly name: string;
}

/** The process that holds each of these sockets, by inode; one that went away meanwhile has none. */
export function holdersOf(inodes: ReadonlySet<string>): ReadonlyMap<string, ServerProcess> {
  const holders = new Map<string, ServerProcess>();
  for (const pid of processIds()) {
    if (holders.size === inodes.size) break;
    for (const inode of socketsOf(pid)) {
      if (inodes.has(inode) && !holders.has(inode)) holders.set(inode, { pid, name: nameOf(pid) });
    }
  }
  return holders;
}

/** The processes outside of containers whose working directory is a folder or lies in it, with that directory. */
export function processesIn(folder: string): (ServerProcess & { readonly at: string })[] {
  return processIds().flatMap((pid) => {
    const at = linkAt(`/proc/${pid}/cwd`);
    if (at === undefined || !liesIn(at, folder) || !seesThisRoot(pid)) return [];
    return [{ pid, name: nameOf(pid), at }];
  });
}

/** The ids of all processes, the oldest first as far as ids tell. */
function processIds(): string[] {
  const ids = readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name));
  return ids.sort((a, b) => Number(a) - Number(b));
}

function socketsOf(pid: string): string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((fd) => {
      const [, inode] = /^socket:\[([0-9]+)\]$/.exec(linkAt(`${folder}/${fd}`) ?? "") ?? [];
      return inode ?? [];
    });
  } catch {
    return []; // The process has ended.
  }
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").replace(/\n$/, "");
  } catch {
    return "";
  }
}

/** A process in a container has another root, below which the same path is another place. */
function seesThisRoot(pid: string): boolean {
  try {
    const [theirs, ours] = [statSync(`/proc/${pid}/root`), statSync("/")];
    return theirs.dev === ours.dev && theirs.ino === ours.ino;
  } catch {
    return false;
  }
}
