import { duration } from "./duration.ts";
import type { Outcome } from "./installer.ts";

/** Makes a line for each tool (name, origin, and how long its installation took) and a summary. */
export function reportLines(outcomes: readonly Outcome[], missing: number, milliseconds: number): readonly string[] {
  const rows = outcomes.map(row);
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const lines = rows.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  return [...lines, `${summary(outcomes, missing)} (${duration(milliseconds)})`];
}

/** The cells of a tool's line: name, origin, and detail with the duration. */
function row({ tool, installed, fresh, milliseconds }: Outcome): readonly string[] {
  const { origin, version, detail } = installed;
  const how = fresh || origin === "found" ? origin : `present (${origin})`;
  return [`${tool.name} ${version}`, how, fresh ? `${detail}, ${duration(milliseconds)}` : detail];
}

function summary(outcomes: readonly Outcome[], missing: number): string {
  const fresh = outcomes.filter((outcome) => outcome.fresh).length;
  if (missing > 0) return `${missing} tools are missing, ${outcomes.length} are present, ${fresh} of them new`;
  if (fresh === 0) return `nothing to do: all ${outcomes.length} tools are present`;
  return `all ${outcomes.length} tools are present, ${fresh} of them new`;
}
