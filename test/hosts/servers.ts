import { writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Say } from "../../toolchain/progress.ts";
import { engineOptions, startContainer } from "./container.ts";
import { ensureEngine } from "./engine.ts";
import { buildAppRelease, type AppRelease, type BuiltRelease } from "./registry/app-release.ts";
import { catalog } from "./registry/catalog.ts";
import { recipeTag } from "./image/recipe.ts";
import type { StandInImage } from "./image/stand-in.ts";
import { ensureImages } from "./image/store.ts";
import { server as serverImage } from "./image/images.ts";
import { addressOf, createNetwork } from "./network.ts";
import { thisProcess } from "./owner.ts";
import { startRegistry, type Registry } from "./registry/registry.ts";
import { pushStandIn } from "./registry/stand-in.ts";
import { beginRun, Keeper, type Run } from "./run.ts";
import { TestServer } from "./server.ts";
import { stocked, stockVolume } from "./registry/stock.ts";
import { createHostKey, createIdentity, type Identity } from "./ssh.ts";
import { sweepDeadRuns } from "./sweep.ts";

export type { AppRelease } from "./registry/app-release.ts";
export { TestServer } from "./server.ts";

/** The options of a run's servers. */
export interface ServerOptions {
  /** Memory limit of each server with all its containers, in Docker's notation.
   * @default no limit */
  readonly memory?: string;
  /** Size of /data in MiB.
   * @default 64 */
  readonly dataMiB?: number;
  /** Lets `deploy` use sudo without a password.
   * @default true */
  readonly sudo?: boolean;
  /** Puts `deploy` into the group `docker`.
   * @default false */
  readonly dockerGroup?: boolean;
  /** Starts the engine without images. Otherwise it has all initial images of the registry, as if pulled by digest.
   * @default false */
  readonly bare?: boolean;
  /** Folders and files of this machine that each server has at the same place.
   * @default none */
  readonly shared?: readonly string[];
  /** Prints the progress while images are built.
   * @default standard error */
  readonly say?: Say;
}

/** The servers of a run with their shared registry and identity. */
export interface TestServers extends Identity {
  /** The run's name, which is part of the names of everything that it creates. */
  readonly run: string;
  readonly servers: readonly TestServer[];
  readonly registry: Registry;
  /** Builds a release of the HTTP application and pushes it to the registry, by default as repository `app`. */
  buildAppRelease(release: AppRelease, repository?: string): Promise<BuiltRelease>;
  /** Builds a stand-in for an image of others, pushes it to the registry, and returns its reference by digest. */
  pushStandIn(image: StandInImage, repository: string): Promise<string>;
  /** Removes everything that the run created. This also happens when this process ends, even by SIGKILL. */
  stop(): Promise<void>;
}

/** Starts servers that are removed when this process ends. */
export async function startServers(count: number, options: ServerOptions = {}): Promise<TestServers> {
  await prepare(options);
  const run = beginRun(thisProcess());
  const keeper = new Keeper(run);
  try {
    return { ...(await startRun(run, count, options)), stop: () => keeper.release() };
  } catch (error) {
    await keeper.release();
    throw error;
  }
}

/** Makes the engine and the images present, and removes the remains of dead runs. */
export async function prepare(options: ServerOptions): Promise<void> {
  const say = options.say ?? ((line) => process.stderr.write(`${line}\n`));
  await ensureEngine(say);
  await ensureImages([catalog, options.bare === true ? serverImage : stocked], say);
  await sweepDeadRuns();
}

/** Starts the registry and the servers of a run. */
export async function startRun(run: Run, count: number, options: ServerOptions): Promise<Omit<TestServers, "stop">> {
  const [identity, network] = await Promise.all([createIdentity(run), createNetwork(run)]);
  mkdirSync(join(run.folder, "registry"));
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const [registry, ...servers] = await Promise.all([
    startRegistry(run, network),
    ...numbers.map((number) => startServer(run, identity, { network, number, options })),
  ]);
  const build = (release: AppRelease, repository?: string) => buildAppRelease(run, registry, release, repository);
  const push = (image: StandInImage, repository: string) => pushStandIn(run, registry, image, repository);
  return { ...identity, run: run.id, servers, registry, buildAppRelease: build, pushStandIn: push };
}

interface ServerPlan {
  readonly network: string;
  readonly number: number;
  readonly options: ServerOptions;
}

async function startServer(run: Run, identity: Identity, plan: ServerPlan): Promise<TestServer> {
  const name = `server-${plan.number}`;
  const container = `slipway-${run.id}-${name}`;
  const folder = join(run.folder, name);
  mkdirSync(folder, { mode: 0o700 });
  const hostKey = await createHostKey(folder);
  writeFileSync(join(folder, "settings"), settings(plan.options));
  const port = await startContainer(run, {
    name: container,
    image: recipeTag(plan.options.bare === true ? serverImage : stocked),
    network: plan.network,
    publish: 22,
    options: containerOptions(run, name, plan.options),
  });
  const networkAddress = await addressOf(container);
  const server = new TestServer({ container, name, address: "127.0.0.1", port, networkAddress, hostKey }, identity);
  await server.ready();
  return server;
}

function settings({ dataMiB = 64, sudo = true, dockerGroup = false }: ServerOptions): string {
  const word = (value: boolean) => (value ? "yes" : "no");
  return `DATA_MIB=${dataMiB}\nSUDO=${word(sudo)}\nDOCKER_GROUP=${word(dockerGroup)}\n`;
}

function containerOptions(run: Run, name: string, options: ServerOptions): readonly string[] {
  return [
    ...["--hostname", name, "--network-alias", name],
    ...engineOptions,
    ...(options.bare === true ? [] : ["--volume", `${stockVolume()}:/stock:ro`]),
    ...["--volume", `${run.folder}/${name}:/run-files/server:ro`],
    ...["--volume", `${run.folder}/authorized_keys:/run-files/authorized_keys:ro`],
    ...["--volume", `${run.folder}/registry:/run-files/registry:ro`],
    ...(options.shared ?? []).flatMap((path) => ["--volume", `${path}:${path}`]),
    ...(options.memory === undefined ? [] : ["--memory", options.memory]),
  ];
}
