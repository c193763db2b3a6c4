import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CheckedFile, MigrationFile } from "../../../model/migration/migration.ts";

/** Files that are checked together, each with what its lines say is found there. */
export interface MarkedSet {
  readonly name: string;
  readonly files: readonly MigrationFile[];
  /** One line for each finding, such as `001.sql:3 expect drop-table`, sorted. */
  readonly verdicts: readonly string[];
}

const mark = / ?-- (expect|warns|waived): ([a-z, -]+)$/;
const order = new Intl.Collator("en", { numeric: true });

/** Reads all marked migrations below a folder: each file is a set, and so is each folder within `sets`. */
export function readMarkedSets(folder: string): MarkedSet[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".sql"));
  const nameOf = (file: string): string => (file.startsWith("sets/") ? file.split("/").slice(0, 2).join("/") : file);
  return [...new Set(files.map(nameOf))].sort().map((name) => {
    const own = files.filter((file) => nameOf(file) === name).sort(order.compare);
    const texts = own.map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }));
    return {
      name,
      files: texts.map(({ file, text }) => ({ file, text: withoutMarks(text) })),
      verdicts: texts.flatMap(verdictsOf).sort(),
    };
  });
}

/** The findings of a check in the form of verdicts. */
export function verdictsFound(checked: readonly CheckedFile[]): string[] {
  return checked
    .flatMap(({ file, findings }) =>
      findings.map(({ rule, level, line, waiver }) => {
        const word = waiver !== undefined ? "waived" : level === "refused" ? "expect" : "warns";
        return `${file}:${line} ${word} ${rule}`;
      }),
    )
    .sort();
}

function withoutMarks(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(mark, ""))
    .join("\n");
}

function verdictsOf({ file, text }: MigrationFile): string[] {
  return text.split("\n").flatMap((line, index) => {
    const [, word = "", rules = ""] = mark.exec(line) ?? [];
    return rules === "" ? [] : rules.split(", ").map((rule) => `${file}:${index + 1} ${word} ${rule}`);
  });
}
