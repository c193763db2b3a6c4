import type { DocumentKind } from "../../model/document/bodies.ts";
import { documentHash } from "../../model/document/writer.ts";
import { formatNumber, mayFollow } from "../../model/document/number.ts";
import { objectOf } from "../../model/document/object.ts";
import { isProtectedClaim } from "../../model/facts/claim.ts";
import { messageOf } from "../../model/problem.ts";
import type { Engine } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import type { StackPlaces } from "../places.ts";
import { SessionFolder } from "../session/session-folder.ts";
import { ShownWork } from "../session/shown-work.ts";
import { noteStep } from "../state/journal.ts";
import { ServerView } from "../view.ts";
import { withDeadline } from "./deadline.ts";
import { namedFailure } from "./named-failure.ts";
import type { Told, Verb } from "./verb.ts";
import { VerbLocks } from "./verb-locks.ts";
import { workOf, type Work } from "../work.ts";
import { readWhole, type WholeDocument } from "./whole-document.ts";

const defaultSeconds = 900;
const defaultUndo = 30;

/** A verb's task: what to do with a document, for one stack of this server. */
interface Task {
  readonly action: "apply" | "delete";
  readonly places: StackPlaces;
  readonly engine: Engine;
  /** The document, as it came. */
  readonly text: string;
  readonly say: (phase: string, message: string) => void;
  /** Gets each step after it was noted. */
  readonly journaled?: (step: string) => void;
}

export type Outcome = "unchanged" | "applied" | "deleted" | "superseded" | "not ours";

/** The answer of a verb, which goes to stdout as one line of JSON. */
interface VerbAnswer extends Told {
  readonly outcome: Outcome;
  readonly object: string;
  readonly number: string;
}

/** Runs a verb: the whole document is read and checked before anything acts. */
export async function runVerb<Kind extends DocumentKind>(verb: Verb<Kind>, task: Task): Promise<VerbAnswer> {
  const run = new VerbRun(verb, task, readWhole(verb.kind, task.text));
  using _shown = run.show();
  const { outcome, told } = await (task.action === "apply" ? run.apply() : run.remove());
  return { outcome, object: run.object, number: run.number, ...told };
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
  readonly #whole: WholeDocument<Kind>;
  readonly #hash: string;
  readonly #view: ServerView;
  readonly #locks: VerbLocks;

  constructor(verb: Verb<Kind>, task: Task, whole: WholeDocument<Kind>) {
    this.#verb = verb;
    this.#task = task;
    this.#whole = whole;
    this.object = objectOf(whole.document);
    this.number = formatNumber(whole.number);
    this.#hash = documentHash(whole.document);
    this.#view = new ServerView(task.places, task.engine);
    const { places, say } = task;
    this.#locks = new VerbLocks({ kind: verb.kind, places, say, progress: this.#view.progress });
  }

  /** Shows the people who wait for it what it does, until the end of a block. */
  show(): Disposable {
    const { stackRun } = this.#task.places;
    return new ShownWork({ stackRun, object: this.object, verb: this.#verb.kind, progress: this.#view.progress });
  }

  async apply(): Promise<Result> {
    const { resource } = this.#whole.document;
    if (await this.#isUnchanged()) {
      await this.#touch();
      return { outcome: "unchanged", told: this.#verb.told?.(this.#whole.body, this.#view) ?? {} };
    }
    using _working = await this.#locks.verbs();
    using _slot = await this.#locks.slot();
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
    const working = await this.#locks.verbs();
    if (await this.#isTouched()) {
      working[Symbol.dispose]();
      return { outcome: "superseded" };
    }
    const session = await SessionFolder.open(this.#task.places.stackRun);
    if (!this.#isOwner()) return { outcome: "not ours" };
    this.#requireAllowed(session);
    if (session !== undefined) {
      using _working = working;
      return await this.#removeOwned(session);
    }
    using _lease = await this.#locks.leaseAfter(working, this.#whole.document.resource);
    using _working = await this.#locks.verbs();
    return await this.#removeOwned(undefined);
  }

  async #removeOwned(session: SessionFolder | undefined): Promise<Result> {
    using _slot = await this.#locks.slot();
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
    const claim = this.#view.state.applied("claim");
    if (!isProtectedClaim(claim?.text ?? "") || session?.allowsRemoval(this.object) === true) return;
    const { stack } = this.#task.places;
    const who = "only a run whose plan shows that, or `slipway destroy`, removes";
    const what = `${stack} is protected: ${who} ${this.object} (document ${this.number})`;
    const todo = "run `slipway destroy`, which asks for its name, or drop it from the stack and run `slipway up`";
    throw new Failure(this.#verb.kind, `${what}; ${todo}`);
  }

  async #act(session: SessionFolder | undefined, act: (work: Work) => Promise<Told>): Promise<Told> {
    const run = session?.run ?? "-";
    const journal = (step: string): void => this.#journal(run, step);
    try {
      journal("begin");
      const told = await this.#inTime((signal) => act(this.#work(session, { run, journal, signal })));
      this.#remember();
      journal("end");
      return told;
    } catch (error) {
      this.#noteFailure(journal);
      throw namedFailure(error, { ...this.#whole.document, number: this.number, kind: this.#verb.kind });
    }
  }

  /** A full disk must not hide the original error. */
  #noteFailure(journal: (step: string) => void): void {
    try {
      journal("fail");
    } catch (error) {
      this.#task.say(this.#verb.kind, messageOf(error));
    }
  }

  #work(session: SessionFolder | undefined, own: Pick<Work, "run" | "journal" | "signal">): Work {
    const { object, number } = this;
    const { resource } = this.#whole.document;
    const secrets = session?.secrets() ?? new Map<string, Uint8Array>();
    const { say } = this.#task;
    return workOf(this.#view, { object, number, hash: this.#hash, resource, secrets, say, ...own });
  }

  async #inTime(act: (signal: AbortSignal) => Promise<Told>): Promise<Told> {
    const { body } = this.#whole;
    const { kind } = this.#verb;
    const seconds = this.#verb.seconds?.(body) ?? defaultSeconds;
    const undo = this.#verb.undoSeconds?.(body) ?? defaultUndo;
    const late = (): Failure => {
      const what = `document ${this.number} of ${this.object} was not done within its ${seconds} s`;
      const journal = `${this.#task.places.stackState}/journal`;
      return new Failure(kind, `${what}; look at ${journal}, then run \`pulumi up\` again`);
    };
    return await withDeadline({ seconds, undo, late, tells: (error) => error instanceof Failure }, act);
  }

  #remember(): void {
    const { state } = this.#view;
    const { object } = this;
    const { document, number } = this.#whole;
    const { action, text } = this.#task;
    if (action === "delete") state.forget(object);
    else
      state.writeApplied({ object, resource: document.resource, kind: document.kind, number, hash: this.#hash, text });
  }

  #journal(run: string, step: string): void {
    const { kind } = this.#verb;
    const { action, journaled } = this.#task;
    const { resource } = this.#whole.document;
    noteStep(this.#view.state, { run, verb: kind, action, step, number: this.number, resource });
    journaled?.(`${kind} ${step}`);
  }
}
