import { join } from "node:path";
import { isWhole, recordSchema, type RunRecord } from "../../model/facts/release/release.ts";
import { timeText } from "../../model/time.ts";
import { sumOf } from "../files/read.ts";
import { appendStateLine, readStateFile } from "../files/state-file.ts";
import type { StackPlaces } from "../places.ts";
import type { View } from "../view.ts";
import { DatabaseSchemas } from "../state/database-schemas.ts";
import { journalOf, phasesOf } from "./phases.ts";
import { trafficOf } from "./traffic.ts";

/** Defaults for a record's optional fields. */
export const emptyRecord = {
  holder: "",
  job: "",
  release: "",
  commit: "",
  images: {},
  hash: "",
  schema: "",
  contract: false,
  buildArguments: {},
  database: { before: "", after: "" },
  phases: {},
  why: "",
} as const satisfies Partial<RunRecord>;

/** The release that a run brought, with the images of the whole stack by service. */
type Verified = Pick<RunRecord, "run" | "release" | "commit" | "images" | "hash">;

type RecordView = Pick<View, "places" | "state">;

/** The record that closes a run whose release is verified, by the run itself or by a later session. */
export function verifiedRecord(verified: Verified, view: RecordView): RunRecord {
  const closing = closingRecord(verified.run, view);
  return { ...closing, ...verified, ...saidBy(verified.hash, view.state), verdict: "verified" };
}

/** The record that closes a run, with what is known of every run. */
export function closingRecord(run: string, { places, state }: RecordView): Omit<RunRecord, "verdict"> {
  const { holder, job, database } = new Records(places).begun(run) ?? emptyRecord;
  const phases = phasesOf(journalOf(state, run));
  const schemas = { before: database.before, after: new DatabaseSchemas(state).now };
  const traffic = trafficOf(state, run);
  const known = { holder, job, phases, database: schemas, ...(traffic !== undefined && { traffic }) };
  return { ...emptyRecord, run, time: timeText(new Date()), ...known };
}

/** What the release document says beside images: it travels with the rollout, which is applied by then. */
function saidBy(hash: string, state: View["state"]): Pick<RunRecord, "schema" | "contract" | "buildArguments"> {
  const body = state.applied("rollout")?.hash === hash ? state.body("rollout") : undefined;
  const { schema = "", contract, buildArguments = {} } = body ?? {};
  const built = Object.entries(buildArguments).map(([name, { value, environment }]) => {
    return [name, { value, environment: environment !== undefined }] as const;
  });
  return { schema, contract: contract !== undefined, buildArguments: Object.fromEntries(built) };
}

/** The sum before the first line. */
const first = "0".repeat(64);

const form = /^([0-9a-f]{64}) ([0-9a-f]{64}) (.*)$/s;

/** Every record that can be read, and what is wrong with the others. */
interface ReadRecords {
  readonly records: readonly RunRecord[];
  /** In words for people. */
  readonly damage: readonly string[];
}

/**
 * The records of a stack's runs: lines that are only ever added. Each begins with the sum of the line before it and its
 * own, which covers that sum and its content. A damaged line is skipped and told; it ends nothing (F95).
 */
export class Records {
  readonly #path: string;

  constructor({ stackState }: Pick<StackPlaces, "stackState">) {
    this.#path = join(stackState, "records");
  }

  append(record: RunRecord): void {
    const text = readStateFile(this.#path) ?? "";
    const before = sumsOf(text).at(-1) ?? first;
    const content = JSON.stringify(record);
    // After a power cut the last line may lack its end.
    const line = `${before} ${sumAfter(before, content)} ${content}`;
    appendStateLine(this.#path, text === "" || text.endsWith("\n") ? line : `\n${line}`);
  }

  read(): ReadRecords {
    const records: RunRecord[] = [];
    const damage: string[] = [];
    let expected = first;
    for (const [index, line] of linesOf(readStateFile(this.#path) ?? "").entries()) {
      const where = `line ${index + 1} of '${this.#path}'`;
      const read = readLine(line);
      if (read === undefined) {
        damage.push(`${where} is damaged, and is skipped`);
        continue;
      }
      if (read.before !== expected) damage.push(`${where} does not follow the line before it`);
      expected = read.sum;
      records.push(read.record);
    }
    return { records, damage };
  }

  all(): readonly RunRecord[] {
    return this.read().records;
  }

  /** The runs that began and left no other record. */
  open(): RunRecord[] {
    const all = this.all();
    const closed = new Set(all.flatMap(({ run, verdict }) => (verdict === "begun" ? [] : [run])));
    return all.filter(({ run, verdict }) => verdict === "begun" && !closed.has(run));
  }

  /** The record with which a run began. */
  begun(run: string): RunRecord | undefined {
    return this.all().findLast((record) => record.run === run && record.verdict === "begun");
  }

  /** The last record of a release that served and was verified, with everything to deploy it again. */
  whole(hash: string): RunRecord | undefined {
    return this.all().findLast((record) => record.hash === hash && isWhole(record));
  }

  /** Whether a run has left its closing record. */
  isClosed(run: string): boolean {
    return this.all().some((record) => record.run === run && record.verdict !== "begun");
  }
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function sumsOf(text: string): string[] {
  return linesOf(text).flatMap((line) => readLine(line)?.sum ?? []);
}

function readLine(line: string): { before: string; sum: string; record: RunRecord } | undefined {
  const [, before = "", sum = "", content = ""] = form.exec(line) ?? [];
  if (sum === "" || sumAfter(before, content) !== sum) return undefined;
  try {
    return { before, sum, record: recordSchema.parse(JSON.parse(content)) };
  } catch {
    return undefined;
  }
}

function sumAfter(before: string, content: string): string {
  return sumOf(`${before}\n${content}`);
}
