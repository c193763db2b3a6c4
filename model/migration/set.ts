import { commentsOf, readRemarks, waiverFault, type Waiver } from "./comments.ts";
import type { Grammar } from "./grammar.ts";
import { checkMigrations, type CheckOptions, type MigrationFile } from "./migration.ts";
import { findingOf, type Finding, type RuleName } from "./rule.ts";
import { SqlText } from "./text.ts";

/** What a branch does to the migrations of one database. */
export interface MigrationSet {
  /** New migrations in SQL, in the order in which they run. */
  readonly files: readonly MigrationFile[];
  /** Merged migrations with another text than before; one that is a program has none here. */
  readonly changed: readonly MigrationFile[];
  readonly deleted: readonly string[];
  /** New files that lead back, and that no deployment runs. */
  readonly back: readonly string[];
  /** New migrations that are programs. */
  readonly programs: readonly string[];
}

/** A migration of a set with what was found in it. */
export interface CheckedMigration {
  readonly file: string;
  readonly state: "new" | "changed" | "deleted" | "leads back" | "is a program" | "skipped";
  readonly findings: readonly Finding[];
}

/** How sets are checked. */
export interface SetOptions extends CheckOptions {
  /** All stacks of the project; undefined if it is not known which there are. */
  readonly stacks?: readonly string[] | undefined;
}

/** Checks what a branch does to the migrations of one database. */
export function checkSet(set: MigrationSet, options: SetOptions): CheckedMigration[] {
  const { grammar, stack } = options;
  const ofChanged = set.changed.map(({ text }) => waiversOf(text, grammar));
  const allowed = set.changed.filter((_, index) => ofChanged[index]?.some((one) => isAbout(one, "changed-migration")));
  // A migration that may be changed has not run anywhere, so it is checked like a new one.
  const isAllowed = (file: string): boolean => allowed.some((one) => one.file === file);
  const files = [...allowed, ...set.files];
  const checked = checkMigrations(files, options);
  const waivers = checked.flatMap((one) => one.waivers);
  const merged = [
    ...set.changed.map(({ file }) => [file, "changed-migration", "changed", "the merged text is changed"] as const),
    ...set.deleted.map((file) => [file, "deleted-migration", "deleted", "it was merged, and is deleted"] as const),
  ];
  const ofMerged = merged.map(([file, rule, state, what]): CheckedMigration => {
    const waiver = waivers.find((one) => isAbout(one, rule));
    const finding = findingOf(rule, 1, what);
    return { file, state, findings: [waiver === undefined ? finding : { ...finding, waiver: waiver.reason }] };
  });
  const idle = idleWaivers(set);
  const ofNew = checked.map(({ file, findings, skipOn, waivers: own }): CheckedMigration => {
    const isSkipped = skipOn.some((one) => one.stack === stack);
    const unknown = skipOn.filter((one) => options.stacks?.includes(one.stack) === false);
    const faults = [...unknown.map((one) => noStack(one, options.stacks ?? [])), ...own.flatMap(idle)];
    const state = isSkipped ? "skipped" : isAllowed(file) ? "changed" : "new";
    return { file, state, findings: [...findings, ...faults] };
  });
  const told = (state: CheckedMigration["state"], names: readonly string[]): CheckedMigration[] =>
    names.map((file) => ({ file, state, findings: [] }));
  const both = [...ofMerged.filter(({ file }) => !isAllowed(file)), ...ofNew.map((one) => withMerged(one, ofMerged))];
  return [...both, ...told("leads back", set.back), ...told("is a program", set.programs)];
}

/** A changed migration is checked like a new one. This adds the finding that it was changed. */
function withMerged(checked: CheckedMigration, merged: readonly CheckedMigration[]): CheckedMigration {
  const further = merged.find(({ file }) => file === checked.file)?.findings ?? [];
  return { ...checked, findings: [...further, ...checked.findings] };
}

function waiversOf(text: string, grammar: Grammar): readonly Waiver[] {
  return readRemarks(commentsOf(new SqlText(text), grammar.tokens(text))).waivers;
}

function isAbout({ rules }: Waiver, rule: RuleName): boolean {
  return rules.includes(rule);
}

/** Waivers for merged migrations where none is changed or deleted. */
function idleWaivers({ changed, deleted }: MigrationSet): (waiver: Waiver) => Finding[] {
  const used = new Map([
    ["changed-migration", changed.length],
    ["deleted-migration", deleted.length],
  ]);
  return ({ rules, comment }) =>
    rules
      .filter((rule) => used.get(rule) === 0)
      .map((rule) => waiverFault(comment.line, `finds nothing to allow, got '${rule}'`, "remove it"));
}

function noStack({ stack, line }: { stack: string; line: number }, stacks: readonly string[]): Finding {
  const todo = `use one of ${stacks.join(", ")}`;
  return { rule: "waiver", level: "refused", line, what: `skip-on names no stack, got '${stack}'`, todo };
}
