import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { assembleDeployment, type LoadedDeployment } from "../../config/assemble.ts";
import { UserError } from "../../model/problem.ts";
import { imageLockText } from "../../model/stack/images/lock.ts";

/** A host key with a valid form. */
export const hostKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"x".repeat(43)}`;

/** Makes the reference of an image by digest. */
export const digest = (name: string): string => `${name}@sha256:${"0123456789abcdef".repeat(4)}`;

/** The text of a lock that has the digest of these tags. */
export function lockText(...tags: readonly string[]): string {
  const image = { digest: digest("").slice(1), platforms: ["linux/amd64"] };
  return imageLockText(Object.fromEntries(tags.map((tag) => [tag, image])));
}

const composeFile = `
services:
  api:
    image: example/api
    ports: ["\${API_PORT:-8080}:8080"]
  postgres:
    image: ${digest("postgres:17")}
    volumes: ["pgdata:/var/lib/postgresql/data"]
volumes:
  pgdata:
`;

/** A valid stack: one release service and its database. */
export const rightStack = {
  host: { address: "192.0.2.10", user: "deploy", hostKey },
  directory: "/opt/trial",
  project: "trial",
  services: {
    api: { release: true, port: 8080 },
    postgres: { data: { volume: "pgdata" }, port: 5432 },
  },
  ports: { api: 18080, postgres: 15432 },
  proxy: { image: digest("traefik:v3") },
  fingerprintKey: "0123456789abcdef0123456789abcdef",
};

/** A folder with a git repository, which is removed after the test. */
export class TrialRepository {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-config-"));

  constructor() {
    this.git("init", "--quiet");
    this.write("compose.yaml", composeFile);
  }

  /** Writes a file, which git does not track yet. */
  write(path: string, text: string | Uint8Array, mode = 0o644): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text, { mode });
  }

  track(...paths: readonly string[]): void {
    this.git("add", "--force", "--", ...paths);
  }

  git(...words: readonly string[]): void {
    execFileSync("git", ["-C", this.folder, ...words], { stdio: "ignore" });
  }

  /** Reads the valid stack with these changes. */
  async load(
    changes: Readonly<Record<string, unknown>> = {},
    environment: NodeJS.ProcessEnv = {},
  ): Promise<LoadedDeployment> {
    const said = new Map<string, unknown>(Object.entries({ ...rightStack, ...changes }));
    const texts = [...said].flatMap(([key, value]): [string, string][] =>
      value === undefined ? [] : [[key, typeof value === "string" ? value : JSON.stringify(value)]],
    );
    return await assembleDeployment({
      project: "trial",
      stack: "staging",
      root: this.folder,
      texts: Object.fromEntries(texts),
      environment,
    });
  }

  /** Lists the problems of the valid stack after these changes, one line each. */
  async problems(
    changes: Readonly<Record<string, unknown>> = {},
    environment: NodeJS.ProcessEnv = {},
  ): Promise<string[]> {
    try {
      await this.load(changes, environment);
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return error.message
        .split("\n")
        .slice(1)
        .map((line) => line.slice("  - ".length));
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
