import type { Body, DocumentKind } from "../../model/document/bodies.ts";
import type { Document } from "../../model/document/document.ts";
import { documentHash } from "../../model/document/writer.ts";
import { formatNumber, mayFollow, type DocumentNumber } from "../../model/document/number.ts";
import { objectOf } from "../../model/document/object.ts";
import { readDocument } from "../../model/document/reader.ts";
import { bodySchemas } from "../../model/document/bodies.ts";
import type { Engine } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import { Lock } from "../lock.ts";
import type { StackPlaces } from "../places.ts";
import { takeLease } from "../session/lease.ts";
import { SessionFolder } from "../session/session-folder.ts";
import { ServerView } from "../view.ts";
import type { Told, Verb, Work } from "./verb.ts";
import { join } from "node:path";

/** Seconds that a delete without a session waits for the lease. */
const leaseSeconds = 300;

const defaultSeconds = 900;

/** A verb's task: what to do with a document, for one stack of this server. */
export interface Task {
  readonly action: "apply" | "delete";
  readonly places: StackPlaces;
  readonly engine: Engine;
  /** The document, as it came. */
  readonly text: string;
  readonly say: (phase: string, message: string) => void;
}

export type Outcome = "unchanged" | "applied" | "deleted" | "superseded" | "not ours";

/** The answer of a verb, which goes to stdout as one line of JSON. */
export interface VerbAnswer extends Told {
  readonly outcome: Outcome;
  readonly object: string;
  readonly number: string;
}

/** Runs a verb: the whole document is read and checked before anything acts. */
export async function runVerb<Kind extends DocumentKind>(verb: Verb<Kind>, task: Task): Promise<VerbAnswer> {
  const run = new VerbRun(verb, task, readWhole(verb, task.text));
  const { outcome, told } = await (task.action === "apply" ? run.apply() : run.remove());
  return { outcome, object: run.object, number: run.number, ...told };
}

interface Whole<Kind extends DocumentKind> {
  readonly document: Document;
  readonly number: DocumentNumber;
  readonly body: Body<Kind>;
}

function readWhole<Kind extends DocumentKind>({ kind }: Verb<Kind>, text: string): Whole<Kind> {
  const read = readDocument(text);
  const todo = "run slipway again with one version on both sides";
  if (read === undefined) throw new Failure(kind, `the document is cut, or of another version; ${todo}`);
  if (read.document.kind !== kind) {
    throw new Failure(kind, `cannot read a document of kind '${read.document.kind}'; ${todo}`);
  }
  const { data, error } = bodySchemas[kind].safeParse(read.document.body);
  if (data === undefined) {
    const [issue] = error.issues;
    const where = issue === undefined ? "its body" : issue.path.join(".");
    const what = `document ${formatNumber(read.number)} of ${read.document.resource} cannot be read at '${where}'`;
    throw new Failure(kind, `${what}; ${todo}`);
  }
  return { ...read, body: data as Body<Kind> };
}

interface Result {
  readonly outcome: Outcome;
  readonly told?: Told;
}

class VerbRun<Kind extends DocumentKind> {
  readonly object: string;
  readonly number: string;
  readonly #verb: Verb<Kind>;
  readonly #task: Task;
  readonly #whole: Whole<Kind>;
  readonly #hash: string;
  readonly #view: ServerView;

  constructor(verb: Verb<Kind>, task: Task, whole: Whole<Kind>) {
    this.#verb = verb;
    this.#task = task;
    this.#whole = whole;
    this.object = objectOf(whole.document);
    this.number = formatNumber(whole.number);
    this.#hash = documentHash(whole.document);
    this.#view = new ServerView(task.places, task.engine);
  }

  async apply(): Promise<Result> {
    const { resource } = this.#whole.document;
    if (await this.#isUnchanged()) {
      await this.#touch();
      return { outcome: "unchanged" };
    }
    using _working = await this.#lockVerbs();
    const applied = this.#view.state.applied(this.object); // also what a verb of a dead run has just applied
    if (!mayFollow(this.#whole.number, applied?.number)) {
      const newer = applied === undefined ? "" : formatNumber(applied.number);
      const what = `document ${this.number} of ${resource} is older than ${newer} on this server`;
      throw new Failure(this.#verb.kind, `${what}; run \`pulumi up\` again`);
    }
    const session = await SessionFolder.open(this.#task.places.stackRun);
    if (session === undefined) {
      const what = `no session of ${this.#task.places.stack} is open on this server, so nothing may change`;
      throw new Failure(this.#verb.kind, `${what}; run \`slipway up\` or \`pulumi up\`, which open one`);
    }
    await this.#touch();
    const told = await this.#act(session, (work) => this.#verb.apply(this.#whole.body, work));
    return { outcome: "applied", told };
  }

  /** Acts only for the resource that still owns the object, and not on what a living run has just written. */
  async remove(): Promise<Result> {
    const working = await this.#lockVerbs();
    if (await this.#isTouched()) {
      working[Symbol.dispose]();
      return { outcome: "superseded" };
    }
    const session = await SessionFolder.open(this.#task.places.stackRun);
    if (!this.#isOwner()) return { outcome: "not ours" };
    this.#requireAllowed(session);
    using _lease = session === undefined ? await this.#leaseAfter(working) : working;
    using _working = session === undefined ? await this.#lockVerbs() : undefined;
    if (!this.#isOwner()) return { outcome: "not ours" };
    await this.#act(session, async (work) => {
      await this.#verb.remove(this.#whole.body, work);
      return {};
    });
    return { outcome: "deleted" };
  }

  async #isUnchanged(): Promise<boolean> {
    const applied = this.#view.state.applied(this.object);
    if (applied?.hash !== this.#hash || applied.resource !== this.#whole.document.resource) return false;
    if (formatNumber(applied.number) !== this.number) return false;
    return (await this.#verb.differences(this.#whole.body, this.#view)).length === 0;
  }

  #isOwner(): boolean {
    return this.#view.state.applied(this.object)?.resource === this.#whole.document.resource;
  }

  /** Held until the verb ends, even if its run is dead: a session of a later run waits for it. */
  async #lockVerbs(): Promise<Lock> {
    const lock = await Lock.take(join(this.#task.places.run, "verbs.lock"), { shared: true, seconds: defaultSeconds });
    if (lock !== undefined) return lock;
    throw new Failure(
      this.#verb.kind,
      "a session has waited for all verbs for too long; look at this server's journals",
    );
  }

  /** A session takes the lease and then waits for verbs, so a delete gives its own lock back before it waits. */
  async #leaseAfter(working: Lock): Promise<Lock> {
    working[Symbol.dispose]();
    const { places, say } = this.#task;
    const holder = `${places.stack}, deleting ${this.#whole.document.resource}`;
    return await takeLease(places, { seconds: leaseSeconds, holder, say });
  }

  async #touch(): Promise<void> {
    for (const folder of await SessionFolder.all(this.#task.places.stackRun)) folder.touchObject(this.object);
  }

  /** A run whose connection was cut does not count, even if it does not know yet: the delete is not its own. */
  async #isTouched(): Promise<boolean> {
    for (const folder of await SessionFolder.all(this.#task.places.stackRun)) {
      if (folder.hasTouched(this.object) && (await folder.isHeardAgain(AbortSignal.timeout(60_000)))) return true;
    }
    return false;
  }

  /** A protected stack loses only what its own session was opened to remove (F99). */
  #requireAllowed(session: SessionFolder | undefined): void {
    const claim = this.#view.state.appliedDocument("claim");
    if (claim?.body["protected"] !== "true" || session?.allowsRemoval(this.object) === true) return;
    const { stack } = this.#task.places;
    const what = `${stack} is protected, and no open session may remove ${this.object} (document ${this.number})`;
    const todo =
      "run `slipway destroy`, which asks for the stack's name, or drop it from the stack and run `slipway up`";
    throw new Failure(this.#verb.kind, `${what}; ${todo}`);
  }

  async #act(session: SessionFolder | undefined, act: (work: Work) => Promise<Told>): Promise<Told> {
    const { state } = this.#view;
    const { kind } = this.#verb;
    const { action, say, text } = this.#task;
    const run = session?.run ?? "-";
    const { resource } = this.#whole.document;
    const journal = (step: string): void => {
      state.journal(
        JSON.stringify({
          time: new Date().toISOString(),
          run,
          verb: kind,
          action,
          step,
          number: this.number,
          resource,
        }),
      );
    };
    const seconds = this.#verb.seconds?.(this.#whole.body) ?? defaultSeconds;
    const { object, number } = this;
    const own = { object, number, hash: this.#hash, resource, journal, say };
    const work: Work = Object.assign(this.#view, own, {
      secrets: session?.secrets() ?? new Map<string, Uint8Array>(),
      signal: AbortSignal.timeout(seconds * 1000),
    });
    journal("begin");
    try {
      const told = await act(work);
      if (action === "delete") state.forget(object);
      else state.writeApplied({ object, resource, kind, number: this.#whole.number, hash: this.#hash, text });
      journal("end");
      return told;
    } catch (error) {
      journal("fail");
      throw error;
    }
  }
}
