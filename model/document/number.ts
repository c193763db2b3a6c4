/** Tells two applied documents of one resource apart: `order` grows with each change, `attempt` differs between two attempts at the same change. */
export interface DocumentNumber {
  readonly order: number;
  readonly attempt: string;
}

/** What a host says of a resource: the document it applied last, and whether what is there still is as that document says. */
interface AppliedDocument {
  readonly number: DocumentNumber;
  readonly hash: string;
  readonly intact: boolean;
}

/** What the stack's outputs say was applied last; all that is known when the host cannot be asked. */
export interface PublishedDocument {
  readonly number: DocumentNumber;
  readonly hash: string;
}

interface NumberingFacts {
  /** Hash of the document that is wanted now; the number itself is never part of it. */
  readonly desiredHash: string;
  readonly applied: AppliedDocument | undefined;
  readonly published: PublishedDocument | undefined;
}

/**
 * Numbers a document so that the engine sees a change exactly when the host has something to do: the host's own number if what is wanted is there and
 * intact, else one that no document had before.
 */
export function numberDocument(facts: NumberingFacts, newAttempt: () => string): DocumentNumber {
  const { desiredHash, applied, published } = facts;
  if (applied?.intact === true && applied.hash === desiredHash) return applied.number;
  return { order: Math.max(applied?.number.order ?? 0, published?.number.order ?? 0) + 1, attempt: newAttempt() };
}

/** Numbers a document without having asked the host: what the last deploy published is taken to be there still. */
export function numberDocumentBlind(facts: Omit<NumberingFacts, "applied">, newAttempt: () => string): DocumentNumber {
  const { desiredHash, published } = facts;
  const applied = published === undefined ? undefined : { ...published, intact: true };
  return numberDocument({ desiredHash, applied, published }, newAttempt);
}

/** Whether a host that applied `current` last may apply `next`: never an older order, and never another attempt at an order that was taken. */
export function mayFollow(next: DocumentNumber, current: DocumentNumber | undefined): boolean {
  if (current === undefined || next.order > current.order) return true;
  return next.order === current.order && next.attempt === current.attempt;
}

/** The number as a document holds it: `12.7f3a9c`. */
export function formatNumber({ order, attempt }: DocumentNumber): string {
  return `${order}.${attempt}`;
}

/** Reads what `formatNumber` wrote. */
export function parseNumber(text: string): DocumentNumber {
  const [, order, attempt] = /^([1-9][0-9]{0,14})\.([0-9a-z]+)$/.exec(text) ?? [];
  if (order === undefined || attempt === undefined) throw new Error(`no number of a document: '${text}'`);
  return { order: Number(order), attempt };
}
