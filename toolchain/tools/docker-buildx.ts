import { debianRelease } from "../sources/debian-release.ts";
import type { Tool } from "../tool.ts";

/** Docker's buildx as Debian 13 has it: the tests build images with `docker buildx bake` as a team's jobs do. */
export const dockerBuildx: Tool = {
  name: "docker-buildx",
  version: "0.13.1",
  check: ["version"],
  sources: [
    debianRelease({
      release: "trixie",
      package: "docker-buildx",
      commands: { "docker-buildx": "usr/libexec/docker/cli-plugins/docker-buildx" },
    }),
  ],
  remedy: "get docker-buildx 0.13.1 of Debian 13",
};
