import type { Body, DocumentKind } from "../../model/document/bodies.ts";
import type { Difference } from "../../model/facts/observation.ts";
import type { Container } from "../docker/container.ts";
import type { Engine, EngineNetwork, EngineVolume } from "../docker/engine.ts";
import type { StackPlaces } from "../places.ts";
import type { StackState } from "../state/stack-state.ts";

/** Everything that a verb can look at. The engine's lists are asked for once and kept until something was changed. */
export interface View {
  readonly places: StackPlaces;
  readonly engine: Engine;
  readonly state: StackState;
  containers(): Promise<readonly Container[]>;
  networks(): Promise<readonly EngineNetwork[]>;
  volumes(): Promise<readonly EngineVolume[]>;
}

/** Everything that a verb works with. */
export interface Work extends View {
  readonly object: string;
  /** The number of the document, as messages name it. */
  readonly number: string;
  readonly hash: string;
  readonly resource: string;
  /** The id of the session's run, or "-" for a delete without a session. */
  readonly run: string;
  /** Bytes that the session brought, by name. */
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  /** Ends what the verb waits for at its deadline. */
  readonly signal: AbortSignal;
  /** Tells people what the verb does. */
  say(phase: string, message: string): void;
  /** Notes a step, so that the next run knows how far this one came. */
  journal(step: string): void;
  /** The engine's lists are asked for again: something was changed. */
  changed(): void;
}

/** What a verb answers beside its outcome, for the stack's outputs. */
export type Told = Readonly<Record<string, unknown>>;

/** A verb makes one object of a server as a document of its kind says. Each is safe to run twice. */
export interface Verb<Kind extends DocumentKind> {
  readonly kind: Kind;
  /** Seconds that it may take. @default 900 */
  seconds?(body: Body<Kind>): number;
  /** Seconds that it may take after its deadline to put back what it began (SEC-C10). @default 30 */
  undoSeconds?(body: Body<Kind>): number;
  /** Everything on the server that is not as the document says; it changes nothing. */
  differences(body: Body<Kind>, view: View): Promise<Difference[]>;
  apply(body: Body<Kind>, work: Work): Promise<Told>;
  /** What it answers where nothing was to do, so that a lost state regains its outputs. @default nothing */
  told?(body: Body<Kind>, view: View): Told;
  remove(body: Body<Kind>, work: Work): Promise<void>;
}
