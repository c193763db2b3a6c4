import type { Observation } from "../../../model/facts/observation.ts";

const gigabyte = 1024 ** 3;

/** A fit server without anything of the stack, with the facts of a test. */
export function observed(also: Partial<Observation> = {}): Observation {
  return {
    host: {
      machine: "machine-1",
      boot: "boot-1",
      architecture: "x86_64",
      engine: "26.1.5",
      compose: "2.26.1",
      memoryTotal: 8 * gigabyte,
      memoryAvailable: 6 * gigabyte,
    },
    disks: [{ path: "/var/lib/docker", free: 20 * gigabyte }],
    directory: undefined,
    claims: [],
    listeners: [],
    containers: [],
    namesakes: [],
    handMade: [],
    adoption: undefined,
    volumes: [],
    networks: [],
    routes: [],
    bridges: [],
    applied: [],
    files: [],
    remarks: [],
    release: undefined,
    leaseHolder: undefined,
    journal: [],
    ...also,
  };
}
