import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { mustRun } from "../toolchain/must-run.ts";
import type { TestServer, TestServers } from "../test/hosts/servers.ts";
import { environmentExports } from "../toolchain/exports.ts";
import { checkout } from "../toolchain/paths.ts";
import { passphraseFile, projectFolder, shellFile, stacks, stateFolder } from "./paths.ts";

/** What a project consists of besides slipway. */
const files = ["compose.yaml", ".env.example", "infra", ...stacks.map((stack) => `Pulumi.${stack}.yaml`)];

/** Copies the project, since Pulumi rewrites the tracked stack files when it makes a stack; the program stays the checkout's own. */
export async function makeProject(): Promise<void> {
  for (const folder of [projectFolder, stateFolder]) mkdirSync(folder, { recursive: true });
  for (const name of files) cpSync(join(checkout, name), join(projectFolder, name), { recursive: true });
  const main = `main: ${relative(projectFolder, join(checkout, "index.ts"))}`;
  const project = readFileSync(join(checkout, "Pulumi.yaml"), "utf8").replace(/^main: .*$/m, main);
  writeFileSync(join(projectFolder, "Pulumi.yaml"), project);
  // Only what git tracks is delivered to a server.
  await mustRun(["git", "init", "--quiet", projectFolder]);
  await mustRun(["git", "-C", projectFolder, "add", "--all"]);
  if (!existsSync(passphraseFile)) writeFileSync(passphraseFile, randomBytes(24).toString("base64"), { mode: 0o600 });
}

/** Pushes a release of the application to the registry and writes its document, as a build job does. */
export async function makeRelease(
  { registry, buildAppRelease }: Omit<TestServers, "stop">,
  version: string,
): Promise<void> {
  const { image: app } = await buildAppRelease({ version });
  const stock = async (repository: string, tag: string): Promise<string> =>
    `${registry.address}/${repository}@${await registry.digest(repository, tag)}`;
  const images = {
    api: app,
    web: app,
    migrate: app,
    postgres: await stock("library/postgres", "17-alpine"),
    prometheus: await stock("prom/prometheus", "latest"),
    grafana: await stock("grafana/grafana", "latest"),
  };
  const release = { version, images, proxy: await stock("library/traefik", "v3") };
  writeFileSync(join(projectFolder, "release.json"), JSON.stringify(release, undefined, 2));
}

/** The variables that a pipeline of this environment would have, and where Pulumi keeps its state. */
export function pipelineVariables({ identity, networkAddress, hostKey }: TestServer): Readonly<Record<string, string>> {
  return {
    PULUMI_BACKEND_URL: `file://${stateFolder}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    SERVER_HOST: networkAddress,
    SERVER_USER: "deploy",
    SERVER_HOST_KEY: hostKey,
    SSH_PRIVATE_KEY: identity.privateKeyFile,
  };
}

/** Writes what a shell needs to go on by hand: those variables, an agent for plain `pulumi`, and the tools of this checkout. */
export function writeShellFile(server: TestServer): void {
  const variables = { ...pipelineVariables(server), SSH_AUTH_SOCK: server.identity.agentSocket };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`);
  writeFileSync(
    shellFile,
    `${[...lines, environmentExports(), `export PATH='${join(checkout, "bin")}':"$PATH"`, `cd '${projectFolder}'`].join("\n")}\n`,
  );
}
