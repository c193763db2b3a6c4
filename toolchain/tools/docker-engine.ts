import { packagedEngine, runningEngine, stoppedEngine } from "../sources/docker-engine.ts";
import type { Tool } from "../tool.ts";

/** Runs the test servers. It belongs to the machine, so its lock also stops a second checkout from starting another. */
export const dockerEngine: Tool = {
  name: "docker-engine",
  version: "20.10",
  check: [],
  sources: [runningEngine, stoppedEngine, packagedEngine],
  remedy: "install and start a Docker engine, or run this as root on Debian",
  lock: () => "/run/lock/slipway-docker-engine.lock",
};
