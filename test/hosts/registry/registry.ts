import { existsSync, mkdirSync, readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { catalog } from "./catalog.ts";
import { eventually } from "../condition.ts";
import { startContainer } from "../container.ts";
import { docker, tryDocker } from "../engine.ts";
import { recipeTag } from "../image/recipe.ts";
import type { Run } from "../run.ts";

const manifests = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
].join(", ");

/** The registry of a run. Servers trust it, and also pull official images such as `postgres:17-alpine` from it. */
export class Registry {
  /** The address for servers. */
  readonly address = "registry.test:5000";
  /** The address for this machine's engine; engines accept any certificate on the loopback interface. */
  readonly pushAddress: string;
  /** The registry's own certificate. */
  readonly certificateFile: string;

  constructor(port: number, certificateFile: string) {
    this.pushAddress = `127.0.0.1:${port}`;
    this.certificateFile = certificateFile;
  }

  /** Pushes an image of this machine's engine with a name such as `app:1.0.0`; returns its digest. */
  async push(image: string, name: string): Promise<string> {
    await pushAs(image, `${this.pushAddress}/${name}`);
    const [repository = "", tag = "latest"] = name.split(":");
    return await this.digest(repository, tag);
  }

  /** The digest that a tag points to. */
  async digest(repository: string, tag: string): Promise<string> {
    const { statusCode, headers } = await this.#ask("HEAD", `/v2/${repository}/manifests/${tag}`);
    const digest = headers["docker-content-digest"];
    if (statusCode !== 200 || typeof digest !== "string")
      throw new Error(`registry: ${repository}:${tag} not found, got status ${String(statusCode)}`);
    return digest;
  }

  /** Deletes an image by its digest, with all its tags. */
  async delete(repository: string, digest: string): Promise<void> {
    const { statusCode } = await this.#ask("DELETE", `/v2/${repository}/manifests/${digest}`);
    if (statusCode !== 202)
      throw new Error(`registry: ${repository}@${digest} was not deleted, got status ${String(statusCode)}`);
  }

  /** Waits until the registry answers. */
  async ready(): Promise<void> {
    await eventually("the registry answers", 30, async () => {
      if (!existsSync(this.certificateFile)) return undefined;
      return await this.#ask("GET", "/v2/").then(
        ({ statusCode }) => (statusCode === 200 ? true : undefined),
        () => undefined,
      );
    });
  }

  #ask(method: string, path: string): Promise<IncomingMessage> {
    const options = { method, headers: { accept: manifests }, ca: readFileSync(this.certificateFile), agent: false };
    return new Promise((resolve, reject) => {
      const ask = request(`https://${this.pushAddress}${path}`, options, (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer));
      });
      ask.on("error", reject).end();
    });
  }
}

/** Starts the registry of a run. */
export async function startRegistry(run: Run, network: string): Promise<Registry> {
  const folder = join(run.folder, "registry");
  mkdirSync(folder, { recursive: true });
  const port = await startContainer(run, {
    name: `slipway-${run.id}-registry`,
    image: recipeTag(catalog),
    network,
    publish: 5000,
    options: ["--network-alias", "registry.test", "--tmpfs", "/run", "--volume", `${folder}:/run-files`],
  });
  const registry = new Registry(port, join(folder, "registry.crt"));
  await registry.ready();
  return registry;
}

/** Pushes an image under another name, which is then removed from the engine. */
async function pushAs(image: string, name: string): Promise<void> {
  await docker(["tag", image, name]);
  try {
    await docker(["push", "--quiet", name]);
  } finally {
    await tryDocker(["rmi", name]);
  }
}
