import { debianPackage } from "../sources/debian-package.ts";
import { onPath } from "../sources/on-path.ts";
import type { Tool } from "../tool.ts";

/** Builds the root file system of the test servers. */
export const mmdebstrap: Tool = {
  name: "mmdebstrap",
  version: "1.3.5",
  check: ["--version"],
  sources: [
    onPath("mmdebstrap"),
    debianPackage({ packages: ["mmdebstrap"], commands: { mmdebstrap: "usr/bin/mmdebstrap" } }),
  ],
  remedy: "install the package mmdebstrap with your package manager",
};
