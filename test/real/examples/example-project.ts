import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkout } from "../../../toolchain/paths.ts";
import { ensureTools } from "../../../toolchain/toolchain.ts";
import { gitlabCiLocal } from "../../../toolchain/tools/gitlab-ci-local.ts";
import { rsync } from "../../../toolchain/tools/rsync.ts";
import { imageLockText, type LockedImage } from "../../../model/stack/images/lock.ts";
import { GitlabStub } from "../../cli/gitlab/gitlab-stub.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { closeRunFolder, openRunFolder } from "../../pulumi/run-folder.ts";
import { Builder } from "../ci/builder.ts";
import { CiRepository, type ProjectVariables } from "../ci/repository.ts";
import type { PipelineResult } from "../ci/run.ts";
import { StackProject } from "../stack/stack-project.ts";

/** A project in examples/, with what its team has beside it. */
interface Example {
  readonly name: string;
  readonly stacks: readonly string[];
  /** Stand-ins for the team's sources, by path. */
  readonly sources: Readonly<Record<string, string>>;
  /** Its images by tag, each with its repository and tag in the registry of the test servers. */
  readonly images: Readonly<Record<string, readonly [repository: string, tag: string]>>;
  /** The variables of its project in GitLab, where it is deployed by this server and key. */
  readonly variables: (access: { readonly server: TestServer; readonly key: string }) => ProjectVariables;
}

/** A system of examples/ as a repository of its own, with its pipeline, a server, and an engine that builds. */
export class ExampleProject {
  readonly repository: CiRepository;
  readonly server: TestServer;
  /** The machine of the runner, and in other tests that of a developer. */
  readonly builder: TestServer;
  readonly started: TestServers;
  readonly gitlab: GitlabStub;
  readonly #close: () => Promise<void>;

  private constructor(
    parts: Pick<ExampleProject, "repository" | "server" | "builder" | "started" | "gitlab">,
    close: () => Promise<void>,
  ) {
    this.repository = parts.repository;
    this.server = parts.server;
    this.builder = parts.builder;
    this.started = parts.started;
    this.gitlab = parts.gitlab;
    this.#close = close;
  }

  static async open(example: Example): Promise<ExampleProject> {
    await ensureTools([gitlabCiLocal, rsync], (line) => void process.stderr.write(`${line}\n`));
    const folder = openRunFolder();
    const started = await startServers(2);
    const [server, builder] = started.servers;
    if (server === undefined || builder === undefined) throw new Error("there are no two servers");
    const gitlab = await GitlabStub.start();
    await copy(example, folder, started, server);
    const engine = await Builder.open(builder, started.registry, folder);
    const path = `team/${example.name}`;
    const variables = {
      ...{ PULUMI_CONFIG_PASSPHRASE: "conformance", PULUMI_BACKEND_URL: `file://${join(folder, "state")}` },
      ...example.variables({ server, key: readFileSync(started.privateKeyFile, "utf8") }),
    };
    const repository = new CiRepository({ folder, path, gitlab, variables, ofRunner: engine.variables(path) });
    repository.link("slipway");
    await repository.begin(["state/", "events-*"]);
    const stacks = new StackProject({ folder, name: example.name, agentSocket: started.agentSocket, users: {} });
    for (const stack of example.stacks) await stacks.init(stack, {});
    await repository.commit("keys of fingerprints");
    const close = async (): Promise<void> => {
      await engine.close();
      await gitlab.stop();
      await started.stop();
      closeRunFolder(folder);
    };
    return new ExampleProject({ repository, server, builder, started, gitlab }, close);
  }

  /** Commits other sources. */
  async push(sources: Readonly<Record<string, string>>): Promise<void> {
    writeAll(this.repository.folder, sources);
    await this.repository.commit("other sources");
  }

  /** Waits for a pipeline that must succeed, or fail; an error holds its output. */
  async expectEnd(running: Promise<PipelineResult>, well = true): Promise<PipelineResult> {
    const result = await running;
    if ((result.code === 0) === well) return result;
    throw new Error(`the pipeline ended with ${String(result.code)}\n${result.output}`);
  }

  /** Runs a script on the server, which must succeed, and gives its output. */
  async on(script: string, machine = this.server): Promise<string> {
    const { code, stdout, stderr } = await machine.exec(["bash", "-ceu", script]);
    if (code !== 0) throw new Error(`${script} ended with ${code}\n${stdout}${stderr}`);
    return stdout.trim();
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/** Copies an example, with the values of a test in the places of those of its team. */
async function copy(example: Example, folder: string, { registry }: TestServers, server: TestServer): Promise<void> {
  const { name, stacks, sources, images } = example;
  cpSync(join(checkout, "examples", name), folder, { recursive: true });
  edit(folder, "Pulumi.yaml", /^main: .*$/m, "main: slipway/index.ts");
  edit(folder, "compose.yaml", /registry\.gitlab\.com\/platform/g, "registry.test:5000/team");
  for (const stack of stacks) edit(folder, `Pulumi.${stack}.yaml`, /\$\{\w+_HOST_KEY\}/, server.hostKey);
  const entries = Object.entries(images).map(async ([image, [repository, tag]]) => {
    const locked: LockedImage = { digest: await registry.digest(repository, tag), platforms: ["linux/amd64"] };
    return [image, locked] as const;
  });
  writeAll(folder, { ...sources, "slipway.lock": imageLockText(Object.fromEntries(await Promise.all(entries))) });
  // gitlab-ci-local keeps files that it has fetched from another project here.
  cpSync(join(checkout, "ci"), join(folder, ".gitlab-ci-local/includes/gitlab.test/platform/slipway/v0.1.0/ci"), {
    recursive: true,
  });
  mkdirSync(join(folder, "state"));
}

function edit(folder: string, name: string, from: RegExp, to: string): void {
  const file = join(folder, name);
  writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
}

function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
