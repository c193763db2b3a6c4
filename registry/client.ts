import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { z } from "zod";
import { parseJson } from "../model/json.ts";
import type { Layer } from "../model/facts/images/room.ts";
import type { ImageReference } from "../model/stack/images/reference.ts";
import { authorize, type Authorized } from "./authorization.ts";
import type { RegistryAnswer, RegistryConnection } from "./connection.ts";
import type { Credential, FindCredential } from "./credential.ts";
import { RegistryFault } from "./fault.ts";
import { manifestForms, readImageConfig, readManifest, type ImageConfig, type Manifest } from "./manifest.ts";
import { isLoopback } from "./redirect.ts";
import { forbidden, noAnswer, noConnection, noLogin, refusedLogin } from "./refusal.ts";

/** An image as its registry has it now. */
export interface FoundImage {
  /** The digest of what the name leads to: of the index where there is one, else of the image. */
  readonly digest: string;
  /** The platforms that it has an image for, such as `linux/amd64`, sorted. */
  readonly platforms: readonly string[];
  /** Its version, where its labels or annotations tell it. */
  readonly version: string | undefined;
}

const errorsSchema = z.object({ errors: z.array(z.object({ code: z.string() })) });

const manifestLimit = 4 << 20;
const configLimit = 8 << 20;

/** A reader of registries by their API, version 2. */
export class RegistryClient {
  readonly #connection: RegistryConnection;
  readonly #find: FindCredential;
  /** By registry. */
  readonly #credentials = new Map<string, Promise<Credential | undefined>>();
  /** The address of each registry. */
  readonly #bases = new Map<string, Promise<string>>();
  /** The header that opened a repository, by its name. */
  readonly #opened = new Map<string, string>();

  constructor(connection: RegistryConnection, find: FindCredential) {
    this.#connection = connection;
    this.#find = find;
  }

  /** Finds an image; its version is told by the image of the first of the platforms that it has. */
  async find(reference: ImageReference, platforms: readonly string[]): Promise<FoundImage> {
    const { digest, manifest } = await this.#manifest(reference, reference.digest ?? reference.tag ?? "latest");
    if (manifest.kind === "image") {
      const config = await this.#config(reference, manifest.config);
      return { digest, platforms: [config.platform], version: manifest.version ?? config.version };
    }
    const { images } = manifest;
    const told = platforms.map((wanted) => images.find(({ platform }) => platform === wanted));
    const first = told.find((image) => image !== undefined) ?? images[0];
    const version = first?.version ?? manifest.version ?? (first && (await this.#versionOf(reference, first.digest)));
    return { digest, platforms: [...new Set(images.map(({ platform }) => platform))].sort(), version };
  }

  /** Asks whether a registry answers and takes the login for it, as `docker login` does; returns that login. */
  async greet(registry: string): Promise<Credential | undefined> {
    const url = new URL("/v2/", await this.#base(registry));
    const first = await this.#ask(url, {}, manifestLimit);
    if (first.status === 200) return undefined;
    if (first.status !== 401) throw noAnswer(registry, first);
    const credential = await this.#credential(registry);
    if (credential === undefined) throw noLogin(registry);
    const header = first.headers["www-authenticate"] ?? "";
    const authorization = await this.#authorize({ registry, repository: undefined }, { header, credential });
    const second = await this.#ask(url, { authorization }, manifestLimit);
    if (second.status === 200) return credential;
    throw second.status === 401 || second.status === 403
      ? refusedLogin(registry, credential)
      : noAnswer(registry, second);
  }

  /** The layers of an image for a platform; undefined if its registry does not tell them. */
  async layers(reference: ImageReference, platform: string): Promise<readonly Layer[] | undefined> {
    let { manifest } = await this.#manifest(reference, reference.digest ?? reference.tag ?? "latest");
    if (manifest.kind === "index") {
      const image = manifest.images.find((one) => one.platform === platform);
      if (image === undefined) return undefined;
      ({ manifest } = await this.#manifest(reference, image.digest));
    }
    if (manifest.kind === "index") return undefined;
    const { diffs } = await this.#config(reference, manifest.config);
    const { sizes } = manifest;
    if (diffs.length !== sizes.length) return undefined;
    return diffs.map((diff, index) => ({ diff, size: sizes[index] ?? 0 }));
  }

  async #versionOf(reference: ImageReference, digest: string): Promise<string | undefined> {
    const { manifest } = await this.#manifest(reference, digest);
    if (manifest.kind === "index") return manifest.version;
    return manifest.version ?? (await this.#config(reference, manifest.config)).version;
  }

  async #manifest(reference: ImageReference, name: string): Promise<{ digest: string; manifest: Manifest }> {
    const { headers, bytes } = await this.#get(reference, { path: `manifests/${name}`, limit: manifestLimit });
    const digest = digestOf(bytes);
    const said = [headers["docker-content-digest"] ?? digest].flat();
    const asked = name.startsWith("sha256:") ? [name] : [];
    const other = [...asked, ...said].find((one) => one !== digest);
    if (other !== undefined) throw otherBytes(reference, other);
    const manifest = readManifest(parseJson(bytes.toString()));
    if (manifest !== undefined) return { digest, manifest };
    const what = `is not an image that Docker runs, at ${reference.registry}`;
    throw new RegistryFault(what, "push it again as an image of Docker or OCI");
  }

  async #config(reference: ImageReference, digest: string): Promise<ImageConfig> {
    const { bytes } = await this.#get(reference, { path: `blobs/${digest}`, limit: configLimit });
    if (digestOf(bytes) !== digest) throw otherBytes(reference, digest);
    const config = readImageConfig(parseJson(bytes.toString()));
    if (config !== undefined) return config;
    throw new RegistryFault(
      "has no configuration that names its platform",
      "push it again as an image of Docker or OCI",
    );
  }

  /** Asks for a part of a repository, and logs in where the registry wants it. */
  async #get(
    reference: ImageReference,
    part: { readonly path: string; readonly limit: number },
  ): Promise<RegistryAnswer> {
    const { registry, repository } = reference;
    const key = `${registry}/${repository}`;
    const url = new URL(`/v2/${repository}/${part.path}`, await this.#base(registry));
    const ask = (authorization: string | undefined): Promise<RegistryAnswer> => {
      const headers = { accept: manifestForms, ...(authorization !== undefined && { authorization }) };
      return this.#ask(url, headers, part.limit);
    };
    let answer = await ask(this.#opened.get(key));
    if (answer.status === 401) {
      const credential = await this.#credential(registry);
      const header = answer.headers["www-authenticate"] ?? "";
      const authorization = await this.#authorize(reference, { header, credential });
      answer = await ask(authorization);
      if (answer.status !== 401) this.#opened.set(key, authorization);
    }
    if (answer.status === 200) return answer;
    throw await this.#refusal(reference, answer);
  }

  async #authorize(
    asked: Authorized,
    offer: { readonly header: string; readonly credential: Credential | undefined },
  ): Promise<string> {
    try {
      return await authorize(this.#connection, asked, offer);
    } catch (error) {
      throw error instanceof RegistryFault ? error : noConnection(`the login server of ${asked.registry}`, error);
    }
  }

  async #ask(url: URL, headers: Readonly<Record<string, string>>, limit: number): Promise<RegistryAnswer> {
    try {
      return await this.#connection.ask({ url, headers, limit });
    } catch (error) {
      throw error instanceof RegistryFault ? error : noConnection(url.host, error);
    }
  }

  async #refusal(reference: ImageReference, answer: RegistryAnswer): Promise<RegistryFault> {
    const { registry } = reference;
    const { status, bytes } = answer;
    if (status === 401 || status === 403) {
      const credential = await this.#credential(registry);
      if (credential === undefined) return noLogin(registry);
      const isWrong = status === 401 && !this.#opened.has(`${registry}/${reference.repository}`);
      return isWrong ? refusedLogin(registry, credential) : forbidden(registry, credential);
    }
    if (status !== 404) return noAnswer(registry, answer);
    const isKnown = !isUnknown(bytes) && (await this.#hasRepository(reference));
    return isKnown ? noSuchTag(reference) : noSuchRepository(reference);
  }

  /** Some registries say only of a list of tags that they do not have the repository. */
  async #hasRepository({ registry, repository }: ImageReference): Promise<boolean> {
    const url = new URL(`/v2/${repository}/tags/list?n=1`, await this.#base(registry));
    const authorization = this.#opened.get(`${registry}/${repository}`);
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await this.#ask(url, headers, manifestLimit).catch(() => undefined);
    return answer?.status !== 404 || !isUnknown(answer.bytes);
  }

  #credential(registry: string): Promise<Credential | undefined> {
    const known = this.#credentials.get(registry) ?? this.#find(registry);
    this.#credentials.set(registry, known);
    return known;
  }

  #base(registry: string): Promise<string> {
    const known = this.#bases.get(registry) ?? this.#findBase(registry);
    this.#bases.set(registry, known);
    return known;
  }

  /** As Docker does, a registry on this machine is asked with TLS first, then without. */
  async #findBase(registry: string): Promise<string> {
    if (registry === "docker.io") return "https://registry-1.docker.io";
    const base = `https://${registry}`;
    if (!isLoopback(registry)) return base;
    const speaksTls = await this.#connection
      .ask({ url: new URL("/v2/", base), headers: {}, limit: manifestLimit })
      .then(
        () => true,
        (error: unknown) => error instanceof RegistryFault,
      );
    return speaksTls ? base : `http://${registry}`;
  }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function otherBytes(reference: ImageReference, digest: string): RegistryFault {
  const what = `is not looked up: ${reference.registry} answers with bytes that do not have the digest ${digest}`;
  return new RegistryFault(what, "do not use it, and ask who runs that registry or the proxy before it");
}

function isUnknown(bytes: Buffer): boolean {
  const errors = errorsSchema.safeParse(parseJson(bytes.toString())).data?.errors ?? [];
  return errors.some(({ code }) => code === "NAME_UNKNOWN");
}

function noSuchRepository({ registry, repository }: ImageReference): RegistryFault {
  const what = `does not exist: ${registry} has no repository '${repository}'`;
  return new RegistryFault(what, "correct the image's name, or push it");
}

function noSuchTag({ registry, repository, tag = "latest", digest }: ImageReference): RegistryFault {
  const [kind, value] = digest === undefined ? ["tag", tag] : ["digest", digest];
  const what = `does not exist: ${registry} has no ${kind} '${value}' in '${repository}'`;
  return new RegistryFault(what, `use another ${kind}, or push the image`);
}
