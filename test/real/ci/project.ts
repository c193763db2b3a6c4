import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { readStateLock } from "../../../cli/state/lock.ts";
import { writeSops } from "../../../secrets/sops/write.ts";
import { checkout } from "../../../toolchain/paths.ts";
import type { GitlabStub } from "../../cli/gitlab/gitlab-stub.ts";
import { eventually } from "../../hosts/condition.ts";
import type { AppRelease } from "../../hosts/servers.ts";
import type { AapertureServer } from "../stack/aaperture-server.ts";
import type { ByStack, StackName } from "../stack/aaperture.ts";
import { Builder } from "./builder.ts";
import { CiRepository } from "./repository.ts";
import { textOf, type RunningPipeline } from "./run.ts";

const path = "team/aaperture";

/** aaperture's repository with the shipped pipeline, and stand-ins for the sources of its images. */
export class CiProject extends CiRepository {
  #builder: Builder | undefined;
  #server: AapertureServer | undefined;

  /** Makes the repository, with the secrets in it, encrypted for a key of each environment (A1, A2). */
  static async open(server: AapertureServer, gitlab: GitlabStub, secrets: ByStack): Promise<CiProject> {
    const { folder } = server.aaperture;
    const [, ofBuilder] = server.started.servers;
    if (ofBuilder === undefined) throw new Error("there is no server to build on");
    const builder = await Builder.open(ofBuilder, server.started.registry, folder);
    const keys = {
      staging: await encrypt(folder, "staging", secrets.staging),
      production: await encrypt(folder, "production", secrets.production),
    };
    const variables = variablesOf(server, gitlab, keys);
    const project = new CiProject({ folder, path, gitlab, variables, ofRunner: builder.variables(path) });
    project.#builder = builder;
    project.#server = server;
    for (const name of ["ci", ".gitlab-ci.yml", "docker-bake.hcl"])
      cpSync(join(checkout, name), join(folder, name), { recursive: true });
    project.link("slipway");
    project.link("bin", "bin");
    project.#edit("Pulumi.yaml", /^main: .*$/m, "main: slipway/index.ts");
    project.#edit("compose.yaml", /registry\.gitlab\.com\/aaperture\/aaperture/g, `registry.test:5000/${path}`);
    for (const stack of ["staging", "production"])
      project.#edit(`Pulumi.${stack}.yaml`, "${SERVER_HOST_KEY}", server.server.hostKey);
    project.#writeSources({ version: "1.0.0" });
    await project.begin(["state/", "events-*"]);
    return project;
  }

  /** Commits other sources of api and web, as a merge does. */
  async push(source: AppRelease): Promise<void> {
    this.#writeSources(source);
    await this.commit(source.version);
  }

  #writeSources(source: AppRelease): void {
    for (const service of ["api", "web"]) {
      const folder = join(this.folder, service);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "app.json"), JSON.stringify(source));
      const lines = ["FROM registry.test:5000/app:base AS runtime", "COPY app.json /release.json", ""];
      writeFileSync(join(folder, "Dockerfile"), lines.join("\n"));
    }
  }

  #edit(name: string, from: RegExp | string, to: string): void {
    const file = join(this.folder, name);
    writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
  }

  /** Commits another value of one variable of each stack. */
  async changeAddress(): Promise<void> {
    for (const stack of ["staging", "production"])
      this.#edit(`Pulumi.${stack}.yaml`, /^( *GOOGLE_CALLBACK_URL: .*)$/m, "$1/v2");
    await this.commit("another address");
  }

  /** Waits until a deployment of staging writes its journal, so that it is in the middle of its work. */
  async atWork(running: RunningPipeline): Promise<void> {
    const journal = "/var/lib/slipway/stacks/aaperture@staging/journal";
    const lines = async (): Promise<number> => Number(await this.#server?.on(`cat ${journal} 2>/dev/null | wc -l`));
    const before = await lines();
    await eventually("a deployment at work", 120, async () => {
      const ended = await Promise.race([running.finished, Promise.resolve(undefined)]);
      if (ended !== undefined) throw new Error(`it ended before\n${ended.output}`);
      return (await lines()) > before ? true : undefined;
    });
  }

  /** The lock on the state of a stack, if there is one. */
  lock(stack: string): { readonly pid: number } | undefined {
    const folder = join(this.folder, "state/.pulumi/locks/organization/aaperture", stack);
    const [file] = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
    return file === undefined ? undefined : readStateLock(textOf(join(folder, file)) ?? "");
  }

  async close(): Promise<void> {
    await this.#builder?.close();
  }
}

/** Writes the encrypted variables of an environment, and gives their key as a CI variable holds it. */
async function encrypt(folder: string, stack: StackName, secrets: Readonly<Record<string, string>>): Promise<string> {
  const identity = await generateIdentity();
  const variables = Object.entries(secrets).map(([name, value]) => ({ name, value }));
  const recipients = [await identityToRecipient(identity)];
  mkdirSync(join(folder, "infra/env"), { recursive: true });
  const file = join(folder, "infra/env", `${stack}.env.enc`);
  writeFileSync(file, await writeSops(variables, { recipients, now: new Date() }));
  return Buffer.from(`${identity}\n`).toString("base64");
}

/** The variables of the project: those that a deployment needs (A11), and the token for notes on merge requests. */
function variablesOf(
  { server, started, aaperture }: AapertureServer,
  gitlab: GitlabStub,
  keys: Record<StackName, string>,
) {
  const both = (value: string) => ({ staging: value, production: value });
  return {
    SERVER_HOST: both(server.networkAddress),
    SERVER_USER: both("root"),
    SSH_PRIVATE_KEY: both(readFileSync(started.privateKeyFile, "utf8")),
    SOPS_AGE_KEY_B64: keys,
    PULUMI_CONFIG_PASSPHRASE: both("conformance"),
    PULUMI_BACKEND_URL: both(`file://${join(aaperture.folder, "state")}`),
    SLIPWAY_GITLAB_TOKEN: gitlab.projectToken,
  };
}
