import { spawn } from "node:child_process";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { checkout } from "../../../toolchain/paths.ts";
import { withoutWaits } from "../../cli/without-waits.ts";
import { pulumiEnvironment } from "../../pulumi/environment.ts";
import { deployUser } from "../deploy-user.ts";
import { fullSeries } from "../series.ts";
import { AapertureServer } from "./aaperture-server.ts";
import { writeSmallApplication } from "./small-stack.ts";
import { accessTo } from "./stack-project.ts";

/** The harder one, where only one is tried: root needs no sudo. */
const user = fullSeries ? deployUser : "deploy";

/** A value that is secret in the stack, and that a service prints. */
export const canary = "canary-of-logs";

/** A deployed stack at which an operator looks. */
export class LookedAtStack {
  readonly opened: AapertureServer;
  readonly #nginx: string;
  readonly #built = new Map<string, string>();

  private constructor(opened: AapertureServer, nginx: string) {
    this.opened = opened;
    this.#nginx = nginx;
  }

  static async open(): Promise<LookedAtStack> {
    const opened = await AapertureServer.open(["staging"], { users: { staging: user } });
    const { registry } = opened.started;
    const digest = await registry.digest("library/nginx", "alpine");
    return new LookedAtStack(opened, `${registry.address}/library/nginx@${digest}`);
  }

  /** The image of a version of its web service, which is built once. */
  async imageOf(version: string): Promise<string> {
    const image = this.#built.get(version) ?? (await this.opened.started.buildAppRelease({ version })).image;
    this.#built.set(version, image);
    return image;
  }

  /** A stack with a release of a web service and a worker, and a shared service that prints a secret. */
  async deploy(version: string): Promise<void> {
    const web = await this.imageOf(version);
    const ticks = 'i=0; while :; do i=$$((i+1)); echo "tick $$i of $$VERSION"; sleep 0.2; done';
    writeSmallApplication(this.opened, {
      compose: {
        services: {
          web: { build: ".", ports: ["8080:8080"] },
          worker: {
            image: this.#nginx,
            command: ["sh", "-c", ticks],
            environment: { VERSION: version },
            volumes: ["notes:/notes"],
          },
          shared: {
            image: this.#nginx,
            command: [
              "sh",
              "-c",
              'echo "password is $$PASSWORD"; printf "\\\\033[31mred\\\\033[0m\\\\007\\n"; exec sleep 1000000',
            ],
            environment: { PASSWORD: "${PASSWORD}" },
          },
          quiet: { image: this.#nginx, command: ["sleep", "1000000"], logging: { driver: "none" } },
        },
        volumes: { notes: {} },
      },
      services: { web: { release: true, health: "/health", port: 8080 }, worker: { release: true } },
      ports: { web: 18080 },
      keys: { secrets: { PASSWORD: canary }, keep: { releases: 2 } },
      release: { version, images: { web } },
    });
    await this.opened.aaperture.succeed("up", "staging", this.opened.server);
  }

  /** Runs slipway as a person does whose terminal is the one of `script`, or as a program. */
  start(words: readonly string[], env: NodeJS.ProcessEnv = {}, terminal = false) {
    const { aaperture, started, server } = this.opened;
    const line = ["node", join(checkout, "cli", "main.ts"), "--cwd", aaperture.folder, "--stack", "staging", ...words];
    const [program = "", ...rest] = terminal
      ? ["script", "-qefc", line.map((word) => `'${word}'`).join(" "), "/dev/null"]
      : line;
    const child = spawn(program, rest, {
      env: {
        ...pulumiEnvironment(),
        PULUMI_BACKEND_URL: `file://${join(aaperture.folder, "state")}`,
        SSH_AUTH_SOCK: started.agentSocket,
        ...accessTo(server, user),
        ...env,
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const said = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    return { child, said, ended };
  }

  /** Runs it to its end. */
  async slipway(words: readonly string[], { input = "", env = {}, terminal = false } = {}) {
    const { child, said, ended } = this.start(words, env, terminal);
    child.stdin.end(input);
    const code = await ended;
    return { code, stdout: withoutWaits(said.stdout), stderr: withoutWaits(said.stderr) };
  }
}
