import type { Observation } from "./observation.ts";
import type { Problem } from "../problem.ts";

const megabyte = 1024 * 1024;

/** Below this nothing is started: an image or a log would fill the disk in the middle of the run. */
const leastFree = 512 * megabyte;

/** What a stack needs of a server. */
export interface Need {
  /** The server's path in the configuration. */
  readonly path: string;
  /** Bytes that its services may use in all. */
  readonly memory: number;
}

/** The server has an engine, Compose v2, room on its disks and in its memory, and a directory that can be written. */
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

/** Limits of what is not running yet must fit into what is free; a stack that runs already has its memory. */
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
      what: `cannot be written there, got '${directory.path}'`,
      todo: "choose another folder, or look for a read-only file system or a file of that name",
    },
  ];
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / megabyte)} MB`;
}
