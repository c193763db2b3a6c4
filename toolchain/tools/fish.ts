import { debianPackage } from "../sources/debian-package.ts";
import { onPath } from "../sources/on-path.ts";
import type { Tool } from "../tool.ts";

/** A shell in which completion is tested. */
export const fish: Tool = {
  name: "fish",
  version: "3.6.0",
  check: ["--version"],
  sources: [onPath("fish"), debianPackage({ packages: ["fish"], commands: { fish: "usr/bin/fish" } })],
  remedy: "install the package fish with your package manager",
};
