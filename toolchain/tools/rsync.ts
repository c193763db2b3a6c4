import { debianPackage } from "../sources/debian-package.ts";
import { onPath } from "../sources/on-path.ts";
import type { Tool } from "../tool.ts";

/** Copies a checkout into the folder of a gitlab-ci-local job. */
export const rsync: Tool = {
  name: "rsync",
  version: "3.2.7",
  check: ["--version"],
  sources: [onPath("rsync"), debianPackage({ packages: ["rsync"], commands: { rsync: "usr/bin/rsync" } })],
  remedy: "install the package rsync with your package manager",
};
