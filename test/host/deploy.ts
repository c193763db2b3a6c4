import { Buffer } from "node:buffer";
import type { DocumentMap } from "../../model/document/document.ts";
import { writeDocument } from "../../model/document/writer.ts";
import { outcome, staging } from "./answer.ts";
import type { LocalHost } from "./host-program.ts";

/** Applies and deletes documents of one kind, and numbers them. */
export class Deployer {
  readonly #host: LocalHost;
  readonly #kind: string;
  readonly #resource: string;
  readonly #stack: string;
  #order = 0;

  constructor(host: LocalHost, kind: string, stack = staging, resource = kind) {
    this.#host = host;
    this.#kind = kind;
    this.#resource = resource;
    this.#stack = stack;
  }

  /** Applies a body under the next number, or under the last one again. */
  async apply(body: DocumentMap, same = false): Promise<string> {
    if (!same) this.#order += 1;
    return outcome(await this.#host.verb(this.#stack, this.#kind, "apply", this.#document(body)));
  }

  async delete(body: DocumentMap): Promise<string> {
    return outcome(await this.#host.verb(this.#stack, this.#kind, "delete", this.#document(body)));
  }

  #document(body: DocumentMap): string {
    const document = { kind: this.#kind, resource: this.#resource, body };
    return writeDocument(document, { order: Math.max(1, this.#order), attempt: "a" });
  }
}

/** Files as a document holds them. */
export function files(contents: Readonly<Record<string, string>>, mode = "0644"): DocumentMap {
  return Object.fromEntries(
    Object.entries(contents).map(([path, content]) => [path, { mode, content: Buffer.from(content) }]),
  );
}
