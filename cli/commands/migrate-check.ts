import { loadGrammar } from "../../config/migrations/grammar.ts";
import { readNewMigrations } from "../../config/migrations/new-migrations.ts";
import { projectRoot, readProjectFiles, requireStackFile } from "../../config/stack-files.ts";
import type { Finding } from "../../model/migration/rule.ts";
import { checkSet, type CheckedMigration } from "../../model/migration/set.ts";
import { UserError, type Problem } from "../../model/problem.ts";
import type { Line } from "../../model/report/tone.ts";
import * as declared from "../declaration/migrate.ts";
import { exitCodes } from "../exit-code.ts";
import { usageError } from "../options.ts";
import { print, printError } from "../output.ts";
import { shortStackName } from "../stack/stack-name.ts";
import { command, type Answer, type Call, type CallOf } from "./command.ts";

/** `slipway migrate check`: checks new migrations for what would break the running version (C4, D4). */
export const migrateCheck = command(declared.migrateCheck, checkMigrations);

type CheckCall = CallOf<typeof declared.migrateCheck>;

async function checkMigrations({ folder, stack, words, options, environment }: CheckCall): Promise<Answer> {
  if (words.length === 0) {
    const todo = "name the folder of the migrations, their files, or `-` for stdin";
    throw usageError("slipway migrate check", "has nothing to check", todo);
  }
  const project = stacksOf({ folder, stack });
  const { CI_MERGE_REQUEST_DIFF_BASE_SHA: ofRequest } = environment;
  const base = options.base ?? (ofRequest === "" ? undefined : ofRequest);
  const sets = readNewMigrations({ folder, places: words, base });
  const grammar = await loadGrammar();
  const needsLockTimeout = options["lock-timeout"] ?? false;
  const migrations = sets.flatMap((set) => checkSet(set, { grammar, needsLockTimeout, ...project }));
  const problems = migrations.flatMap((one) =>
    one.findings.filter(isProblem).map((finding) => problemOf(one, finding)),
  );
  const exitCode = problems.length > 0 ? exitCodes.refused : exitCodes.done;
  const show = (): void => {
    migrations.flatMap(linesOf).forEach((line) => print(line));
    print(summaryOf(migrations));
    if (problems.length > 0) printError(new UserError(problems, { heading }));
  };
  return { exitCode, json: { exitCode, base: base ?? null, migrations, problems }, show };
}

const heading = "the migrations have problems:";

/** The named stack and all stacks of the project; empty outside of a project. */
function stacksOf({ folder, stack }: Pick<Call, "folder" | "stack">) {
  if (stack === undefined && projectRoot(folder) === undefined) return {};
  const files = readProjectFiles(folder);
  const name = stack === undefined ? undefined : shortStackName(stack);
  if (name !== undefined) requireStackFile(files, name);
  return { stack: name, stacks: files.stacks };
}

function isProblem({ level, waiver }: Finding): boolean {
  return level === "refused" && waiver === undefined;
}

function problemOf({ file }: CheckedMigration, { line, rule, what, todo }: Finding): Problem {
  return { path: `${file}:${line}`, what: rule === "syntax" ? what : `${rule}: ${what}`, todo };
}

/** What is told of a migration besides its problems. */
function linesOf(migration: CheckedMigration): Line[] {
  const { file, state, findings } = migration;
  const silent = state === "new" || state === "changed" || state === "deleted";
  const told = findings.filter((finding) => !isProblem(finding));
  return [
    ...(silent ? [] : [`${file}: ${state}`]),
    ...told.map((finding): Line => {
      const { path, what, todo } = problemOf(migration, finding);
      if (finding.waiver !== undefined) return `allowed  ${path}: ${what} (${finding.waiver})`;
      return [
        { tone: "warning", text: "warning" },
        { tone: "plain", text: `  ${path}: ${what}; ${todo}` },
      ];
    }),
  ];
}

function summaryOf(migrations: readonly CheckedMigration[]): string {
  const findings = migrations.flatMap((one) => one.findings);
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const checked = migrations.filter(({ state }) => state === "new").length;
  const waived = findings.filter(({ waiver }) => waiver !== undefined).length;
  const warned = findings.filter(({ level, waiver }) => level === "warning" && waiver === undefined).length;
  return [
    count(checked, "new migration"),
    count(findings.filter(isProblem).length, "problem"),
    count(warned, "warning"),
    `${waived} allowed by a waiver`,
  ].join(", ");
}
