import { megabytes } from "../byte-size.ts";
import type { Observation } from "./observation.ts";
import type { Problem } from "../problem.ts";
import { ensureVersionsKnow, isBefore, type VersionNeed } from "./versions.ts";

const megabyte = 1024 * 1024;

/** The free space that a run needs at least: images and logs could fill the disk in the middle of it. */
const leastFree = 512 * megabyte;

/** The free inodes that a run needs at least: an image is thousands of files. */
const leastInodes = 10_000;

/** The resources that a stack needs on a server. */
interface Need {
  /** The server's path in the configuration. */
  readonly path: string;
  /** What it has that not every version of the server's programs knows. */
  readonly versions: readonly VersionNeed[];
}

/** Requires an engine, Compose v2, enough disk, and a writable directory. */
export function ensureHostIsFit({ path, versions }: Need, observation: Observation): Problem[] {
  return [
    ...engineProblems(`${path}.address`, observation),
    ...ensureVersionsKnow(versions, observation),
    ...diskProblems(`${path}.address`, observation),
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
  // Engines before 20.10 do not speak version 1.41 of the API (F19).
  if (isBefore(host.engine, "20.10")) {
    const what = `its Docker engine is too old, got '${host.engine}' of 20.10 at least`;
    return [{ path, what, todo: "install a newer one as `slipway host prepare` prints" }];
  }
  if (isBefore(host.engine, "25") && /^v?5\.1\.[01]\b/.test(host.compose)) {
    const what = `Compose ${host.compose} does not work with Docker Engine ${host.engine}: containers miss networks`;
    return [{ path, what, todo: "install Compose 5.1.2 or a newer one there" }];
  }
  if (/^v?[2-9]/.test(host.compose)) return [];
  const what = host.compose === "" ? "there is no `docker compose`" : `Compose is too old, got '${host.compose}'`;
  return [{ path, what, todo: "install Compose v2 as `slipway host prepare` prints" }];
}

function diskProblems(path: string, { disks }: Observation): Problem[] {
  // Not `docker image prune`: it would remove the images that a rollback needs (F50).
  const todo =
    "make room; `docker system df` lists what Docker uses, and `docker builder prune` removes its build cache";
  return disks.flatMap(({ path: folder, free, inodes = leastInodes }): Problem[] => {
    const room = `too little room below '${folder}', got ${megabytes(free)} of ${megabytes(leastFree)} at least`;
    const files = `too few free inodes below '${folder}', got ${inodes} of ${leastInodes} at least`;
    return [
      ...(free < leastFree ? [{ path, what: room, todo }] : []),
      ...(inodes < leastInodes ? [{ path, what: files, todo }] : []),
    ];
  });
}

/**
 * A colour starts beside the one that serves, so its limits must fit into the memory that is free then; if that one
 * stops first, what its limits held is `freed` (SEC-B7, F16, E12). The server asks the same right before the start.
 */
export function memoryForColour(
  needed: number,
  { available, freed = 0 }: { readonly available: number; readonly freed?: number },
): Omit<Problem, "path"> | undefined {
  if (needed <= available + freed) return undefined;
  const free = megabytes(available + freed);
  const what = `the new colour may use ${megabytes(needed)} by its limits, got ${free} of free memory`;
  return { what, todo: "lower `services.<service>.memory`, free memory on the server, or use a larger one" };
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
