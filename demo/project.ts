import { createHash, randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { mustRun } from "../toolchain/must-run.ts";
import { aapertureLock } from "../test/hosts/registry/aaperture-lock.ts";
import type { AppRelease, TestServer, TestServers } from "../test/hosts/servers.ts";
import { environmentExports } from "../toolchain/exports.ts";
import { checkout } from "../toolchain/paths.ts";
import { passphraseFile, projectFolder, releaseFile, shellFile, stacks, stateFolder } from "./paths.ts";

/** The files of the project, apart from the program. */
const files = ["compose.yaml", ".env.example", "infra", ...stacks.map((stack) => `Pulumi.${stack}.yaml`)];

/** Copies the project without the program, since Pulumi rewrites stack files, and those of the checkout are tracked. */
export async function makeProject({ registry }: Pick<TestServers, "registry">): Promise<void> {
  for (const folder of [projectFolder, stateFolder]) mkdirSync(folder, { recursive: true });
  for (const name of files) cpSync(join(checkout, name), join(projectFolder, name), { recursive: true });
  const main = `main: ${relative(projectFolder, join(checkout, "index.ts"))}`;
  const project = readFileSync(join(checkout, "Pulumi.yaml"), "utf8").replace(/^main: .*$/m, main);
  writeFileSync(join(projectFolder, "Pulumi.yaml"), project);
  // `slipway lock` would ask Docker Hub; the test server pulls from its own registry.
  writeFileSync(join(projectFolder, "slipway.lock"), await aapertureLock(registry));
  // Slipway delivers only files that git tracks.
  await mustRun(["git", "init", "--quiet", projectFolder]);
  await mustRun(["git", "-C", projectFolder, "add", "--all"]);
  if (!existsSync(passphraseFile)) writeFileSync(passphraseFile, randomBytes(24).toString("base64"), { mode: 0o600 });
}

/**
 * The versions of the application: the demo deploys the first one, and switches staging to the second and back. The
 * others are for people, who want to see a failure: one exits at its start, one answers 500 soon after the switch.
 */
export const versions = { first: "1.0.0", second: "1.1.0", exits: "1.2.0", fails: "1.3.0" } as const;

type Version = (typeof versions)[keyof typeof versions];

/** The faults that are built into a version. */
const faults: Partial<Record<Version, Partial<AppRelease>>> = {
  [versions.exits]: { exitAtBoot: true },
  [versions.fails]: { failAfter: "8s" },
};

/** Pushes a release of the application to the registry and writes its document, as a build job does. */
export async function makeRelease(
  { buildAppRelease }: Pick<TestServers, "buildAppRelease">,
  version: Version,
): Promise<void> {
  const { image } = await buildAppRelease({ version, ...faults[version] });
  const commit = createHash("sha1").update(version).digest("hex"); // as if it was built from one
  const release = { version, commit, images: { api: image, web: image } };
  writeFileSync(releaseFile(version), JSON.stringify(release, undefined, 2));
}

/** Makes a release the one that the next `slipway up` deploys. */
export function chooseRelease(version: Version): void {
  cpSync(releaseFile(version), join(projectFolder, "release.json"));
}

/** The variables that a pipeline of this environment has, and the location of Pulumi's state. */
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

/** Writes the file to source in a shell: it sets those variables, the agent for plain `pulumi`, and PATH. */
export function writeShellFile(server: TestServer): void {
  const variables = { ...pipelineVariables(server), SSH_AUTH_SOCK: server.identity.agentSocket };
  const lines = [
    ...Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`),
    environmentExports(),
    `export PATH='${join(checkout, "bin")}':"$PATH"`,
    `cd '${projectFolder}'`,
  ];
  writeFileSync(shellFile, `${lines.join("\n")}\n`);
}
