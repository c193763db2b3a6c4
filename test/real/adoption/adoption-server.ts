import { join } from "node:path";
import { mkdirSync } from "node:fs";
import { imageLockText, type LockedImage } from "../../../model/stack/images/lock.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { closeRunFolder, openRunFolder } from "../../pulumi/run-folder.ts";
import { deployUser } from "../deploy-user.ts";
import { runOn } from "../deployment/containers.ts";
import { prepareUser } from "../stack/aaperture-server.ts";

/** The images of the team's own services by the service's name, and those of others by their names with tags. */
export interface AdoptionImages {
  readonly own: Readonly<Record<string, string>>;
  /** The text of a `slipway.lock` for all images that any of the compose files names. */
  readonly lock: string;
}

const byOthers = [
  ["postgres:17-alpine", "library/postgres", "17-alpine"],
  ["redis:alpine", "library/redis", "alpine"],
  ["traefik:v3.6", "library/traefik", "v3"],
] as const;

/** A server on which applications are started by hand and then adopted, one after the other. */
export class AdoptionServer implements AsyncDisposable {
  readonly server: TestServer;
  readonly started: TestServers;
  readonly images: AdoptionImages;
  readonly #folder: string;
  readonly #remains: AsyncDisposableStack;

  private constructor(
    { server, started, images, folder }: Pick<AdoptionServer, "server" | "started" | "images"> & { folder: string },
    remains: AsyncDisposableStack,
  ) {
    this.server = server;
    this.started = started;
    this.images = images;
    this.#folder = folder;
    this.#remains = remains;
  }

  static async open(): Promise<AdoptionServer> {
    await using remains = new AsyncDisposableStack();
    const folder = remains.adopt(openRunFolder(), closeRunFolder);
    const started = remains.adopt(await startServers(1), (servers) => servers.stop());
    const [server] = started.servers;
    if (server === undefined) throw new Error("there is no server");
    if (deployUser !== "root") await prepareUser(started, server, { user: deployUser });
    return new AdoptionServer({ server, started, images: await pushImages(started), folder }, remains.move());
  }

  /** Runs a script on the server, which must succeed, and returns its output. */
  on(script: string, stdin = ""): Promise<string> {
    return runOn(this.server, script, stdin);
  }

  /** A new folder on this machine. */
  makeFolder(name: string): string {
    const folder = join(this.#folder, name);
    mkdirSync(folder);
    return folder;
  }

  /** Removes everything that ran on the server, and what it remembers of it, but no program of slipway. */
  async wipe(): Promise<void> {
    const containers = 'ids=$(docker ps --all --quiet); [ -z "$ids" ] || docker rm --force --volumes $ids';
    const volumes = "docker volume prune --all --force; docker network prune --force";
    await this.on(
      `${containers}; ${volumes}; rm -rf /srv/* /opt/shop* /var/lib/slipway/stacks /var/lib/slipway/claims`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#remains.disposeAsync();
  }
}

async function pushImages(started: TestServers): Promise<AdoptionImages> {
  const { registry } = started;
  const web = (await started.buildAppRelease({ version: "1.0.0" }, "hand/web")).image;
  const standIn = (service: string, ends: boolean) =>
    started.pushStandIn({ service, release: "1.0.0", ends, tcp: [], udp: [], programs: [] }, `hand/${service}`);
  const own = { web, worker: await standIn("worker", false), setup: await standIn("setup", true) };
  const locked = Object.entries(own).map(([name, image]): [string, string] => {
    return [`${registry.address}/hand/${name}:1.0.0`, image.slice(image.indexOf("@") + 1)];
  });
  for (const [name, repository, tag] of byOthers) locked.push([name, await registry.digest(repository, tag)]);
  const images = locked.map(([name, digest]): [string, LockedImage] => [name, { digest, platforms: ["linux/amd64"] }]);
  return { own, lock: imageLockText(Object.fromEntries(images)) };
}
