/** The name of an image, in the parts by which a registry knows it. */
export interface ImageReference {
  /** The registry's name, such as `docker.io`, `localhost` or `registry.example.com:5000`. */
  readonly registry: string;
  /** The path of the image there, such as `library/postgres`. */
  readonly repository: string;
  /** `latest` if the name has neither tag nor digest; undefined if it has a digest alone. */
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** The digest of an image. */
export const digestForm = /^sha256:[0-9a-f]{64}$/;

const dockerHub = "docker.io";
const pathPart = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const registryForm = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?$/;
const tagForm = /^\w[\w.-]{0,127}$/;
const longest = 512;

/** Parses the name of an image as Docker does; undefined if Docker would refuse it. */
export function parseImageReference(text: string): ImageReference | undefined {
  if (text.length > longest) return undefined;
  const [named = "", digest, ...more] = text.split("@");
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  const tag = colon >= 0 ? named.slice(colon + 1) : digest === undefined ? "latest" : undefined;
  const { registry, repository } = splitName(name);
  const isRight =
    more.length === 0 &&
    registryForm.test(registry) &&
    repository.split("/").every((part) => pathPart.test(part)) &&
    (tag === undefined || tagForm.test(tag)) &&
    (digest === undefined || digestForm.test(digest));
  return isRight ? { registry, repository, tag, digest } : undefined;
}

/** Splits off the registry: a first part with a dot or a port, or `localhost`. All other names are of Docker Hub. */
function splitName(name: string): Pick<ImageReference, "registry" | "repository"> {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  if (!/[.:A-Z]/.test(first) && first !== "localhost") return onDockerHub(name);
  const rest = name.slice(slash + 1);
  return first === dockerHub || first === `index.${dockerHub}`
    ? onDockerHub(rest)
    : { registry: first, repository: rest };
}

function onDockerHub(path: string): Pick<ImageReference, "registry" | "repository"> {
  return { registry: dockerHub, repository: path.includes("/") ? path : `library/${path}` };
}

/** The name without tag and digest in its shortest form: `postgres`, not `docker.io/library/postgres`. */
export function shortName({ registry, repository }: Pick<ImageReference, "registry" | "repository">): string {
  return registry === dockerHub ? repository.replace(/^library\//, "") : `${registry}/${repository}`;
}

/** The name with its tag, in the one form in which `slipway.lock` has it, whatever the compose file writes. */
export function taggedName(reference: ImageReference): string {
  return `${shortName(reference)}:${reference.tag ?? "latest"}`;
}

/** The name by digest; the tag stays before it, since it tells people the version. */
export function nameByDigest(reference: ImageReference, digest: string): string {
  const { tag } = reference;
  return `${shortName(reference)}${tag === undefined ? "" : `:${tag}`}@${digest}`;
}
