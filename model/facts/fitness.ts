import type { Observation } from "./observation.ts";
import type { Problem } from "../problem.ts";

const megabyte = 1024 * 1024;

/** The free space that a run needs at least: images and logs could fill the disk in the middle of it. */
const leastFree = 512 * megabyte;

/** The resources that a stack needs on a server. */
interface Need {
  /** The server's path in the configuration. */
  readonly path: string;
  /** The sum of the limits of its services, in bytes. */
  readonly memory: number;
}

/** Requires an engine, Compose v2, enough disk and memory, and a writable directory. */
export function ensureHostIsFit({ path, memory }: Need, observation: Observation): Problem[] {
  return [
    ...engineProblems(`${path}.address`, observation),
    ...diskProblems(`${path}.address`, observation),
    ...memoryProblems(memory, observation),
    ...directoryProblems(observation),
  ];
}

function engineProblems(path: string, { host }: Observation): Problem[] {
  if (host.engine === "") {
    return [
      {
        path,
        what: "no Docker engine answers there",
        todo: "start it, or install it as `slipway host prepare` prints",
      },
    ];
  }
  if (/^v?[2-9]/.test(host.compose)) return [];
  const what = host.compose === "" ? "there is no `docker compose`" : `Compose is too old, got '${host.compose}'`;
  return [{ path, what, todo: "install Compose v2 as `slipway host prepare` prints" }];
}

function diskProblems(path: string, { disks }: Observation): Problem[] {
  return disks
    .filter(({ free }) => free < leastFree)
    .map(({ path: folder, free }) => ({
      path,
      what: `too little room below '${folder}', got ${megabytes(free)} of ${megabytes(leastFree)} at least`,
      todo: "make room, for instance with `docker image prune`",
    }));
}

/** The limits of a stack that does not run yet must fit into the server; a running stack has its memory already. */
function memoryProblems(needed: number, { host, containers }: Observation): Problem[] {
  if (containers.some(({ state }) => state === "running")) return [];
  if (needed <= host.memoryTotal) return [];
  const what = `the services may use ${megabytes(needed)} in all, got a server with ${megabytes(host.memoryTotal)}`;
  return [{ path: "services", what, todo: "lower `services.<service>.memory`, or use a larger server" }];
}

function directoryProblems({ directory }: Observation): Problem[] {
  if (directory === undefined || directory.writable) return [];
  return [
    {
      path: "directory",
      what: `is not writable on the server, got '${directory.path}'`,
      todo: "choose another folder, or look for a read-only file system or a file of that name",
    },
  ];
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / megabyte)} MB`;
}
