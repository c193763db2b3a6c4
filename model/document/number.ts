/**
 * The number of an applied document of one resource. `order` grows with each change; `attempt` differs between two
 * attempts at the same change.
 */
export interface DocumentNumber {
  readonly order: number;
  readonly attempt: string;
}

/** The greatest order that a number may have: hosts read fifteen digits. */
const greatestOrder = 999_999_999_999_999;

const form = /^([1-9][0-9]{0,14})\.([0-9a-z]+)$/;

/** The document that a host applied last for a resource. */
interface AppliedDocument {
  readonly number: DocumentNumber;
  readonly hash: string;
  /** Nothing on the host differs from the document. */
  readonly intact: boolean;
}

/** The document that was applied last by the stack's outputs; all that is known without an observation. */
export interface LastDocument {
  readonly number: DocumentNumber;
  readonly hash: string;
}

interface NumberingFacts {
  /** Hash of the desired document, without its number. */
  readonly desiredHash: string;
  readonly applied: AppliedDocument | undefined;
  readonly last: LastDocument | undefined;
}

/**
 * Numbers a document so that the engine sees a change exactly when the host has something to do: it keeps the host's
 * number if the desired document is applied and intact, else it takes a number that no document had before.
 */
export function numberDocument(facts: NumberingFacts, newAttempt: () => string): DocumentNumber {
  const { desiredHash, applied, last } = facts;
  if (applied?.intact === true && applied.hash === desiredHash) return applied.number;
  const order = Math.max(applied?.number.order ?? 0, last?.number.order ?? 0) + 1;
  // A host at the greatest order refuses another attempt at it, and says so.
  return { order: Math.min(order, greatestOrder), attempt: newAttempt() };
}

/** Numbers a document without an observation: it assumes that the host is still as the last deploy left it. */
export function numberDocumentBlind(facts: Omit<NumberingFacts, "applied">, newAttempt: () => string): DocumentNumber {
  const { desiredHash, last } = facts;
  const applied = last === undefined ? undefined : { ...last, intact: true };
  return numberDocument({ desiredHash, applied, last }, newAttempt);
}

/**
 * Tells if a host that applied `current` last may apply `next`: it refuses an older order, and another attempt at an
 * order that is taken.
 */
export function mayFollow(next: DocumentNumber, current: DocumentNumber | undefined): boolean {
  if (current === undefined || next.order > current.order) return true;
  return next.order === current.order && next.attempt === current.attempt;
}

/** Writes a number as in a document: `12.7f3a9c`. */
export function formatNumber({ order, attempt }: DocumentNumber): string {
  return `${order}.${attempt}`;
}

/** Tells if a text is a number that a later one can exceed. */
export function canGrow(text: string): boolean {
  const [, order] = form.exec(text) ?? [];
  return order !== undefined && Number(order) < greatestOrder;
}

/** Reads a number that `formatNumber` wrote. */
export function parseNumber(text: string): DocumentNumber {
  const [, order, attempt] = form.exec(text) ?? [];
  if (order === undefined || attempt === undefined) throw new Error(`not the number of a document: '${text}'`);
  return { order: Number(order), attempt };
}
