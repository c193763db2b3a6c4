import {
  type DocumentNumber,
  type LastDocument,
  mayFollow,
  numberDocument,
  numberDocumentBlind,
} from "../../../model/document/number.ts";

/** The desired state of one resource: an object on the host (a directory, a project) and its content. */
interface Wanted {
  readonly object: string;
  readonly content: string;
}

interface SentDocument extends Wanted {
  readonly resource: string;
  readonly number: DocumentNumber;
}

interface HostObject {
  readonly content: string;
  readonly applied: { readonly resource: string; readonly hash: string; readonly number: DocumentNumber } | undefined;
}

/**
 * The point at which a deploy breaks: before the verb of `at`, in the middle of it, after it but before the engine
 * saves its state, or after that.
 */
export interface Fault {
  readonly at: string;
  readonly moment: "before" | "halfway" | "unsaved" | "after";
  /** A killed program publishes nothing; a failed one publishes the documents that it applied. */
  readonly killed: boolean;
}

export type UpOutcome = "done" | "failed" | "stopped for data";

/** The object with data; its loss may never be repaired silently. */
const dataObject = "volume";

/** Pulumi's state, a host and the stack's outputs as plain data, with the rules of numbers and owners between them. */
export class SimulatedDeployment {
  wanted = new Map<string, Wanted>();
  state = new Map<string, SentDocument>();
  host = new Map<string, HostObject>();
  outputs = new Map<string, LastDocument & { readonly object: string }>();
  #attempts = 0;
  #snapshot = new Map<string, HostObject>();

  /** The resources that a preview shows as created, updated or deleted. */
  preview(blind = false): Set<string> {
    const documents = this.#documents(blind);
    const changed = [...documents].filter(([resource, document]) => !same(this.state.get(resource), document));
    const deleted = [...this.state.keys()].filter((resource) => !this.wanted.has(resource));
    return new Set([...changed.map(([resource]) => resource), ...deleted]);
  }

  /** Runs a deploy. A fault only happens if its resource changes; `replaced` is the resource of `--replace`. */
  up(fault?: Fault, replaced?: string): UpOutcome {
    if (this.#dataIsLost()) return "stopped for data";
    const touched = new Set<string>();
    const documents = [...this.#documents(false).values()];
    for (const [index, document] of documents.entries()) {
      const old = this.state.get(document.resource);
      if (same(old, document) && document.resource !== replaced) continue;
      touched.add(document.object);
      if (!this.#run(document, fault?.at === document.resource ? fault.moment : undefined)) {
        if (fault?.killed !== true) this.#publish(documents.slice(0, index));
        return "failed";
      }
      if (document.resource === replaced && old !== undefined) this.#remove(old, touched);
    }
    this.#deleteUnwanted(touched);
    this.#publish(documents);
    return "done";
  }

  /** Runs `pulumi destroy`: no program runs, and the engine deletes every resource with its document in the state. */
  destroy(): void {
    for (const document of this.state.values()) this.#remove(document, new Set());
    this.state.clear();
    this.outputs.clear();
  }

  /** Takes a snapshot of the machine, as a provider's backup does. */
  snapshot(): void {
    this.#snapshot = new Map(this.host);
  }

  /** Restores the snapshot of the machine. */
  restore(): void {
    this.host = new Map(this.#snapshot);
  }

  /** Tells if the host has the desired state of a resource, with that resource as owner. */
  hostIsAsWanted(resource: string): boolean {
    const wanted = this.wanted.get(resource);
    if (wanted === undefined) return ![...this.host.values()].some(({ applied }) => applied?.resource === resource);
    const found = this.host.get(wanted.object);
    return found?.content === wanted.content && found.applied?.hash === hash({ resource, ...wanted });
  }

  /** Tells if the state has the document that the host applied; after a lost save or a restore it does not. */
  stateKnowsHost(resource: string): boolean {
    const wanted = this.wanted.get(resource);
    if (wanted === undefined) return !this.state.has(resource);
    const applied = this.host.get(wanted.object)?.applied;
    const known = this.state.get(resource);
    return (
      applied !== undefined &&
      known !== undefined &&
      known.object === wanted.object &&
      sameNumber(known.number, applied.number)
    );
  }

  #documents(blind: boolean): Map<string, SentDocument> {
    const newAttempt = (): string => `${++this.#attempts}`;
    return new Map(
      [...this.wanted].map(([resource, wanted]) => {
        const desiredHash = hash({ resource, ...wanted });
        const last = this.outputs.get(resource);
        const found = this.host.get(wanted.object);
        const applied = found?.applied && {
          ...found.applied,
          intact:
            hash({ resource: found.applied.resource, object: wanted.object, content: found.content }) ===
            found.applied.hash,
        };
        const number = blind
          ? numberDocumentBlind({ desiredHash, last }, newAttempt)
          : numberDocument({ desiredHash, applied, last }, newAttempt);
        return [resource, { resource, ...wanted, number }];
      }),
    );
  }

  /** Runs the verb of one resource and saves the state, up to the fault; false if the deploy ends. */
  #run(document: SentDocument, moment: Fault["moment"] | undefined): boolean {
    if (moment === "before") return false;
    if (moment === "halfway") {
      this.host.set(document.object, { content: "half", applied: this.host.get(document.object)?.applied });
      return false;
    }
    this.#apply(document);
    if (moment === "unsaved") return false;
    this.state.set(document.resource, document);
    return moment === undefined;
  }

  #publish(documents: readonly SentDocument[]): void {
    for (const document of documents) {
      this.outputs.set(document.resource, { number: document.number, hash: hash(document), object: document.object });
    }
  }

  #apply(document: SentDocument): void {
    const current = this.host.get(document.object)?.applied;
    if (!mayFollow(document.number, current?.number)) throw new Error(`the host refuses ${JSON.stringify(document)}`);
    this.host.set(document.object, {
      content: document.content,
      applied: { resource: document.resource, hash: hash(document), number: document.number },
    });
  }

  #remove(document: SentDocument, touched: ReadonlySet<string>): void {
    const owner = this.host.get(document.object)?.applied?.resource;
    if (owner === document.resource && !touched.has(document.object) && document.object !== dataObject)
      this.host.delete(document.object);
  }

  #deleteUnwanted(touched: ReadonlySet<string>): void {
    for (const [resource, document] of [...this.state]) {
      if (this.wanted.has(resource)) continue;
      this.#remove(document, touched);
      this.state.delete(resource);
      this.outputs.delete(resource);
    }
  }

  #dataIsLost(): boolean {
    return [...this.outputs.values()].some(({ object }) => object === dataObject && !this.host.has(object));
  }
}

function hash({ resource, object, content }: Wanted & { readonly resource: string }): string {
  return JSON.stringify([resource, object, content]);
}

function same(one: SentDocument | undefined, other: SentDocument): boolean {
  return one !== undefined && hash(one) === hash(other) && sameNumber(one.number, other.number);
}

function sameNumber(one: DocumentNumber, other: DocumentNumber): boolean {
  return one.order === other.order && one.attempt === other.attempt;
}
