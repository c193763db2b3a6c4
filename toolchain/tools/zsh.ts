import { debianPackage } from "../sources/debian-package.ts";
import { onPath } from "../sources/on-path.ts";
import type { Tool } from "../tool.ts";

/** A shell in which completion is tested. Unpacked, it finds its modules and functions only where it is told to. */
export const zsh: Tool = {
  name: "zsh",
  version: "5.9",
  check: ["--version"],
  sources: [onPath("zsh"), debianPackage({ packages: ["zsh", "zsh-common"], commands: { zsh: "bin/zsh" } })],
  remedy: "install the package zsh with your package manager",
};
