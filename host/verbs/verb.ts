import type { Body, DocumentKind } from "../../model/document/bodies.ts";
import type { Difference } from "../../model/facts/observation.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";

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
