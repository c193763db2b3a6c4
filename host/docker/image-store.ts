import { z } from "zod";
import { EngineError, type EngineConnection } from "./connection.ts";

const listSchema = z.array(
  z.object({
    Id: z.string(),
    RepoTags: z.array(z.string()).nullish(),
    RepoDigests: z.array(z.string()).nullish(),
    Size: z.number(),
  }),
);
const layersSchema = z.object({ RootFS: z.object({ Layers: z.array(z.string()).nullish() }) });

/** An image of the engine, with all of its names. */
export interface ListedImage {
  readonly id: string;
  readonly tags: readonly string[];
  /** By digest. */
  readonly digests: readonly string[];
  /** In bytes. */
  readonly size: number;
}

/** The engine's images and their names. */
export class ImageStore {
  readonly #connection: EngineConnection;

  constructor(connection: EngineConnection) {
    this.#connection = connection;
  }

  async list(): Promise<ListedImage[]> {
    const found = listSchema.parse(await this.#connection.json({ method: "GET", path: "/images/json", seconds: 60 }));
    return found.map(({ Id: id, RepoTags: tags, RepoDigests: digests, Size: size }) => ({
      ...{ id, size },
      tags: (tags ?? []).filter((tag) => !tag.startsWith("<none>")),
      digests: (digests ?? []).filter((digest) => !digest.startsWith("<none>")),
    }));
  }

  /** The ids of an image's layers, unpacked; none where there is no such image. */
  async layers(image: string): Promise<readonly string[]> {
    try {
      const path = `/images/${encodeURIComponent(image)}/json`;
      return layersSchema.parse(await this.#connection.json({ method: "GET", path })).RootFS.Layers ?? [];
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return [];
      throw error;
    }
  }

  /** Gives an image one more name. */
  async tag(image: string, repository: string, tag: string): Promise<void> {
    const query = `repo=${encodeURIComponent(repository)}&tag=${encodeURIComponent(tag)}`;
    await this.#connection.bytes({ method: "POST", path: `/images/${encodeURIComponent(image)}/tag?${query}` });
  }

  /** Takes a name from an image; with its last one it goes, unless a container has it. 404: it is gone. */
  async untag(name: string): Promise<void> {
    try {
      await this.#connection.bytes({ method: "DELETE", path: `/images/${encodeURIComponent(name)}`, seconds: 120 });
    } catch (error) {
      if (!(error instanceof EngineError && error.status === 404)) throw error;
    }
  }
}
