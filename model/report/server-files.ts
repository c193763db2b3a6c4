import { Buffer } from "node:buffer";
import { bodySchemas, type Body } from "../document/bodies.ts";
import type { Document } from "../document/document.ts";
import { composeFileOf } from "../server-places.ts";
import { colourPlaceholder, generationPlaceholder } from "../placeholders.ts";
import { documentsOf, planDeployment, type HostPlan, type Plan } from "../plan/plan.ts";
import { envFileMode } from "../env-folder.ts";
import { stackOf } from "../stack/derive.ts";
import { unlockedImages } from "../stack/images.ts";
import { nameInLock, type ImageLock } from "../stack/images/lock.ts";
import type { Stack } from "../stack/stack.ts";
import { unknownRelease, type OfflineStack } from "./offline-plan.ts";

/** A file that a server would get. */
export interface ServerFile {
  /** Absolute path on the server. */
  readonly path: string;
  readonly mode: string;
  /**
   * Slipway writes a `compose` file and what is `rendered` beside it; a `delivered` file is one of the repository, and
   * only a session brings the bytes of one with `secret` values.
   */
  readonly kind: "compose" | "rendered" | "delivered" | "secret";
  /** The part of the stack to which it belongs: the name of its document. */
  readonly part: string;
  /** Empty for a file with secret values. */
  readonly content: Uint8Array;
}

/** The colour in which the release is shown; the other one has the same files under its own name. */
export const shownColour = "blue";

/** Plans a stack from its files alone, as for a server on which there is nothing yet. */
export function planFresh({ deployment, unknown }: OfflineStack): Plan {
  const named = {
    ...deployment,
    ...(unknown.includes("directory") && { directory: "/<directory>" }),
    ...(unknown.includes("project") && { project: "<project>" }),
  };
  const locked = { ...named, lock: { ...named.lock, ...placeholders(stackOf(named)) } };
  const facts = { release: unknownRelease(locked), hosts: {}, newAttempt: () => "offline" };
  return planDeployment({ deployment: locked, stack: stackOf(locked) }, facts);
}

/** Placeholders for digests that the lock lacks. */
function placeholders(stack: Stack): ImageLock {
  const digest = `sha256:${"0".repeat(64)}`;
  const names = unlockedImages(stack).flatMap(({ image }) => nameInLock(image) ?? []);
  return Object.fromEntries(names.map((name) => [name, { digest, platforms: [] }]));
}

/** All files that a server would get, by the documents of its plan. A part that the stack lacks has no document. */
export function serverFiles(plan: HostPlan): ServerFile[] {
  const documents = documentsOf(plan).map(({ document }) => document);
  const proxy = documents.find(({ resource }) => resource === "proxy")?.body["directory"];
  return documents.flatMap((document) => filesOf(document, typeof proxy === "string" ? proxy : ""));
}

/** The files of one document; `proxy` is the proxy's folder, into which a release writes its routes. */
function filesOf({ kind, resource, body }: Document, proxy: string): ServerFile[] {
  const files = new PartFiles(resource);
  switch (kind) {
    case "files":
      return files.below(bodySchemas[kind].parse(body), "delivered");
    case "secrets":
      return files.secret(bodySchemas[kind].parse(body));
    case "compose":
      return files.project(bodySchemas[kind].parse(body), "rendered");
    case "migration":
      return files.staged(bodySchemas[kind].parse(body));
    case "rollout":
      return files.release(bodySchemas[kind].parse(body), proxy);
    default:
      return [];
  }
}

type Files = Pick<Body<"files">, "directory" | "files">;
type Project = Pick<Body<"compose">, "directory" | "compose" | "files" | "after">;
type Staged = Pick<Body<"migration">, "directory" | "compose" | "files" | "secrets"> & {
  readonly env: Readonly<Record<string, unknown>>;
};

interface SecretFiles {
  readonly directory: string;
  readonly files: Readonly<Record<string, { readonly mode: string }>>;
}

/** Makes the files of one part. */
class PartFiles {
  readonly #part: string;

  constructor(part: string) {
    this.#part = part;
  }

  below({ directory, files }: Files, kind: ServerFile["kind"]): ServerFile[] {
    return Object.entries(files).map(([path, { mode, content }]) =>
      this.#file(`${directory}/${path}`, kind, content, mode),
    );
  }

  project(body: Project, beside: ServerFile["kind"]): ServerFile[] {
    const compose = this.#file(`${body.directory}/${composeFileOf(body)}`, "compose", body.compose);
    return [compose, ...this.below({ directory: body.directory, files: body.files ?? {} }, beside)];
  }

  staged(body: Staged): ServerFile[] {
    const { directory, secrets = {} } = body;
    const env = Object.fromEntries(Object.keys(body.env).map((path) => [path, { mode: envFileMode }]));
    return [...this.project(body, "delivered"), ...this.secret({ directory, files: { ...env, ...secrets } })];
  }

  secret({ directory, files }: SecretFiles): ServerFile[] {
    return Object.entries(files).map(([path, { mode }]) =>
      this.#file(`${directory}/${path}`, "secret", new Uint8Array(), mode),
    );
  }

  release(body: Body<"rollout">, proxy: string): ServerFile[] {
    const { directory, routes } = body;
    return [
      ...this.staged({ ...body, directory: `${directory}/${shownColour}` }),
      this.#file(`${proxy}/dynamic/routes.yaml`, "rendered", routes),
    ];
  }

  #file(path: string, kind: ServerFile["kind"], content: Uint8Array, mode = "0644"): ServerFile {
    const filled = kind === "compose" || kind === "rendered" ? fill(content) : content;
    return { path, mode, kind, part: this.#part, content: filled };
  }
}

/** Fills in what a server knows when it starts a release. */
function fill(content: Uint8Array): Uint8Array {
  const text = Buffer.from(content).toString("utf8");
  return Buffer.from(text.replaceAll(colourPlaceholder, shownColour).replaceAll(generationPlaceholder, "1"));
}
