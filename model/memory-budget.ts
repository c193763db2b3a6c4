/** The memory that a stack may use on a server, by its limits, in bytes. */
export interface MemoryBudget {
  /** By part of the stack; empty if nothing of it has a limit. */
  readonly parts: Readonly<Record<string, number>>;
  /** The services without a limit, which are not counted. @default not known */
  readonly unlimited?: readonly string[];
  /** Kept for the system and everything that is of no stack. */
  readonly reserve: number;
  /** Why the sum may be more than the server has. @default it may not */
  readonly overcommit?: string | undefined;
}

/** The sum of a budget's parts. */
export function total(parts: MemoryBudget["parts"]): number {
  return Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
}
