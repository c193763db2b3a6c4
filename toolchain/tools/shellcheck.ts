import { debianPackage } from "../sources/debian-package.ts";
import { onPath } from "../sources/on-path.ts";
import type { Tool } from "../tool.ts";

/** Checks the shell scripts. */
export const shellcheck: Tool = {
  name: "shellcheck",
  version: "0.9.0",
  check: ["--version"],
  sources: [
    onPath("shellcheck"),
    debianPackage({ packages: ["shellcheck"], commands: { shellcheck: "usr/bin/shellcheck" } }),
  ],
  remedy: "install the package shellcheck with your package manager",
};
