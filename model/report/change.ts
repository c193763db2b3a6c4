import type { DocumentValue } from "../document/document.ts";
import { changedLines } from "./changed-lines.ts";
import type { ReportedChange } from "./printed-plan.ts";

/** A change with what it means for a service. */
export interface DescribedChange extends ReportedChange {
  /** Whose change it is; undefined where it is nobody's alone. */
  readonly service?: string;
  /** Why the service does not stay as it runs; undefined where it does. */
  readonly reason?: string;
}

type Values = Readonly<Record<"from" | "to", unknown>>;

/** Says that something came, went or changed, and nothing of what it is. */
export function hidden(path: string, { from, to }: Values): ReportedChange {
  return {
    path,
    from: from === undefined ? "" : "set",
    to: to === undefined ? "" : from === undefined ? "set" : "another value",
  };
}

/** Says what something was and what it will be. */
export function shown(path: string, { from, to }: Values): ReportedChange {
  return { path, from: words(from), to: words(to) };
}

/** Says of a file how many of its lines go and come, as a reviewer would see them, or how many bytes it has where it is no text. */
export function counted(
  path: string,
  { from, to }: Readonly<Record<"from" | "to", DocumentValue | undefined>>,
): ReportedChange {
  const [old, now] = [bytesOf(from), bytesOf(to)];
  const lines = changedLines(old, now);
  const [less, more] =
    lines === undefined
      ? [`${old.length} bytes`, `${now.length} bytes`]
      : [count("-", lines.removed), count("+", lines.added)];
  return { path, from: from === undefined ? "" : less, to: to === undefined ? "" : more };
}

function count(sign: string, lines: number): string {
  return `${sign}${lines} ${lines === 1 ? "line" : "lines"}`;
}

function bytesOf(value: DocumentValue | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}

/** Lists and maps are short where they are shown at all. */
function words(value: unknown): string {
  if (value === undefined) return "";
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === "string" ? value : JSON.stringify(value);
}
