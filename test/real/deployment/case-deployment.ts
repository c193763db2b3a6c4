import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { mapOf, textOf } from "../../../model/json.ts";
import { composeVersions } from "../../compose-cases/case/compose.ts";
import { readCaseConfig } from "../../compose-cases/case/original.ts";
import { CasePlace } from "../../compose-cases/case/place.ts";
import { readComparison } from "../../compose-cases/case/result.ts";
import type { Comparison } from "../../compose-cases/compare/comparison.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { closeRunFolder, openRunFolder } from "../../pulumi/run-folder.ts";
import { deployUser } from "../deploy-user.ts";
import { prepareUser } from "../stack/aaperture-server.ts";
import { StackProject } from "../stack/stack-project.ts";
import { pushImages } from "./cast.ts";
import { CaseConfiguration, stackName } from "./configuration.ts";
import { readContainers, runOn, tool, type DeployedContainer } from "./containers.ts";
import type { Deployment } from "./deployments.ts";
import { playersOf, type Player } from "../../compose-cases/conversation/player.ts";

/** The things of which a deployed case is made. */
type Parts = Pick<CaseDeployment, "comparison" | "players" | "project" | "server"> & { readonly started: TestServers };

/** A case on a server of its own, with images made for it. */
export class CaseDeployment implements AsyncDisposable {
  readonly comparison: Comparison;
  readonly players: readonly Player[];
  readonly project: StackProject<typeof stackName>;
  readonly server: TestServer;
  readonly #started: TestServers;
  readonly #configuration: CaseConfiguration;
  readonly #remains: AsyncDisposableStack;

  private constructor({ comparison, players, project, server, started }: Parts, remains: AsyncDisposableStack) {
    this.comparison = comparison;
    this.players = players;
    this.project = project;
    this.server = server;
    this.#started = started;
    this.#configuration = new CaseConfiguration(project.folder);
    this.#remains = remains;
  }

  /** Starts a server, makes the images of a case, and configures its stack. Nothing is deployed yet. */
  static async open(deployment: Deployment, cases: string): Promise<CaseDeployment> {
    await using remains = new AsyncDisposableStack();
    const place = remains.use(new CasePlace(deployment.name, cases));
    for (const copy of [place.repository, place.original]) new CaseConfiguration(copy).set(deployment.settings ?? {});
    const [compose] = await composeVersions();
    if (compose === undefined) throw new Error("there is no Docker Compose");
    const comparison = await readComparison(place, compose);
    const players = playersOf(comparison, deployment.standIns ?? []);
    const folder = remains.adopt(openRunFolder(), closeRunFolder);
    const started = remains.adopt(await startServers(1), (servers) => servers.stop());
    const [server] = started.servers;
    if (server === undefined) throw new Error("there is no server");
    if (deployUser !== "root") await prepareUser(started, server, { user: deployUser });
    const project = await makeProject(place, folder, started, server, players);
    await prepareServer(server, started, comparison);
    return new CaseDeployment({ comparison, players, project, server, started }, remains.move());
  }

  /** Pushes the images of another release and writes its document. */
  async release(version: string): Promise<void> {
    const { name } = this.#configuration;
    this.#configuration.release(version, await pushImages(this.#started, name, this.players, version));
  }

  /** All containers of the stack, also those that have ended. */
  async containers(): Promise<readonly DeployedContainer[]> {
    return await readContainers(this.server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#remains.disposeAsync();
  }
}

/** Makes the networks that the file takes from others, and brings the tool that asks. */
async function prepareServer(server: TestServer, started: TestServers, { original }: Comparison): Promise<void> {
  const networks = Object.values(mapOf(original["networks"])).map(mapOf);
  for (const { external, name } of networks)
    if (external === true) await runOn(server, `docker network create '${textOf(name) ?? ""}'`);
  const image = { service: "tool", release: "0", ends: true, tcp: [], udp: [], programs: [] };
  const reference = await started.pushStandIn(image, "slipway/tool");
  await runOn(server, `id=$(docker create ${reference}); docker cp "$id:/stand-in" ${tool}; docker rm "$id"`);
}

async function makeProject(
  place: CasePlace,
  parent: string,
  started: TestServers,
  server: TestServer,
  players: readonly Player[],
): Promise<StackProject<typeof stackName>> {
  const folder = join(parent, "case");
  cpSync(place.repository, folder, { recursive: true, verbatimSymlinks: true });
  const configuration = new CaseConfiguration(folder);
  const { name } = configuration;
  const images = await pushImages(started, name, players, "1.0.0");
  const { address } = started.registry;
  const proxy = `${address}/library/traefik@${await started.registry.digest("library/traefik", "v3")}`;
  const { files } = readCaseConfig(place);
  const secrets = configuration.deployTo(server, deployUser, { proxy, images, files });
  mkdirSync(join(folder, "state"));
  writeFileSync(join(folder, ".gitignore"), "state/\nevents-*\n");
  execFileSync("git", ["-C", folder, "add", "--force", "."]);
  const users = { [stackName]: deployUser };
  const project = new StackProject<typeof stackName>({ folder, name, agentSocket: started.agentSocket, users });
  await project.init(stackName, Object.fromEntries(secrets.map((path) => [path, secretOf(path)])));
  return project;
}

/** An invented value, as long as a generated one. */
function secretOf(path: string): string {
  return `value-of-${path.split(".").at(-1) ?? ""}-${"4711".repeat(8)}`;
}
