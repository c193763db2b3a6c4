import type { DocumentValue } from "../document/document.ts";
import { changedLines } from "./changed-lines.ts";
import type { ReportedChange } from "./printed-plan.ts";

/** A change with its effect on a service. */
export interface DescribedChange extends ReportedChange {
  /** The service that changes; undefined if the change belongs to no service alone. */
  readonly service?: string;
  /** The reason for a restart of the service; undefined if it keeps running. */
  readonly reason?: string;
}

type Values = Readonly<Record<"from" | "to", unknown>>;

/** Reports that a value was added, removed or changed, without the value. */
export function maskedChange(path: string, { from, to }: Values): ReportedChange {
  return {
    path,
    from: from === undefined ? "" : "set",
    to: to === undefined ? "" : from === undefined ? "set" : "another value",
  };
}

/** Reports the old and the new value. */
export function shownChange(path: string, { from, to }: Values): ReportedChange {
  return { path, from: valueText(from), to: valueText(to) };
}

/** Reports how many lines of a file are removed and added as in a diff, or the sizes of a file that is not a text. */
export function lineCountChange(
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

/** Writes a value in one line. Only short lists and maps are ever shown. */
function valueText(value: unknown): string {
  if (value === undefined) return "";
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === "string" ? value : JSON.stringify(value);
}
