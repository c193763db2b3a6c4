import { debianRelease } from "../sources/debian-release.ts";
import type { Tool } from "../tool.ts";

/** Docker Compose as Debian 13 has it, and thus the test servers: the oldest one that the cases are held against. */
export const debianCompose: Tool = {
  name: "debian-compose",
  version: "2.26.1",
  check: ["version"],
  sources: [
    debianRelease({
      release: "trixie",
      package: "docker-compose",
      commands: { "debian-compose": "usr/libexec/docker/cli-plugins/docker-compose" },
    }),
  ],
  remedy: "get docker-compose 2.26.1 of Debian 13",
  // A second Compose on PATH would be taken for the newest one.
  activate: () => undefined,
};
