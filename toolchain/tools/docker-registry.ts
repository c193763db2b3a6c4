import { debianPackage } from "../sources/debian-package.ts";
import { onPath } from "../sources/on-path.ts";
import type { Tool } from "../tool.ts";

/** Serves the images of the test servers. */
export const dockerRegistry: Tool = {
  name: "docker-registry",
  version: "2.8.2",
  check: ["--version"],
  sources: [
    onPath("docker-registry"),
    debianPackage({ packages: ["docker-registry"], commands: { "docker-registry": "usr/bin/docker-registry" } }),
  ],
  remedy: "install the package docker-registry with your package manager",
};
