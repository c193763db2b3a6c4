import { npmPackage } from "../sources/npm-package.ts";
import { onPath } from "../sources/on-path.ts";
import type { Tool } from "../tool.ts";

const version = "4.75.0";

/** Runs GitLab pipelines on this machine; it needs rsync. */
export const gitlabCiLocal: Tool = {
  name: "gitlab-ci-local",
  version,
  check: ["--version"],
  sources: [
    onPath("gitlab-ci-local"),
    npmPackage({
      version,
      packages: {
        any: {
          name: "gitlab-ci-local",
          integrity: "sha512-m6/1uCZ3/zHmWnTwRhd6RXc+UPOU/vs6LLP/UbWHNpbxjvOs69okHG5vt7nRMT5MkiuoQj66tjL37spL0A4wwA==",
        },
      },
      forecast: "downloads gitlab-ci-local, a few seconds",
      commands: { "gitlab-ci-local": "dist/index.js" },
    }),
  ],
  remedy: `install gitlab-ci-local ${version} or newer`,
};
