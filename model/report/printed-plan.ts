import { z } from "zod";
import { costOf, type Gap, type Impact } from "./impact.ts";
import type { Difference, Observation, Remark, WrittenFile } from "../facts/observation.ts";
import { documentsOf, type HostPlan } from "../plan/plan.ts";
import type { Change, PlannedDocument } from "../plan/planned-document.ts";
import { policyFindings, type Finding } from "../policy/policy.ts";
import { removedDocuments, type AppliedName, type RemovedDocument } from "./removed-document.ts";
import { describeChanges } from "./document.ts";
import type { ReportedChange } from "./change.ts";
import { serviceImages, type ServiceImage } from "./service-image.ts";
import { serviceMoves, type ServiceMove } from "./service-move.ts";

/** Grows when a field changes its meaning or goes; new fields may come without. */
export const printedVersion = 2;

/** A plan as people and other programs read it; names and fingerprints stand in it, no value of a secret. */
export interface PrintedPlan {
  readonly version: typeof printedVersion;
  readonly stack: string;
  readonly address: string;
  readonly release: string | undefined;
  /** There was no release document, so the release that was applied last stays. */
  readonly keepsRelease: boolean;
  /** What it knows of the server: what a look found, what the stack's outputs say, or what an earlier plan printed. */
  readonly made: "observed" | "blind" | "offline";
  /** What nobody could say without engine, keys and server: paths of the configuration. */
  readonly unknown: readonly string[];
  readonly documents: readonly PrintedDocument[];
  /** What was applied and is declared no longer. */
  readonly removed: readonly RemovedDocument[];
  readonly services: readonly ServiceMove[];
  /** What is not as it was applied; `up` repairs it. */
  readonly drift: readonly Drift[];
  /** What is where the stack is and not of the stack; nothing touches it. */
  readonly remarks: readonly Remark[];
  readonly images: readonly ServiceImage[];
  readonly findings: readonly Finding[];
  /** By name: sums of the variables that are no secrets, for a later plan without the key. */
  readonly plain: Readonly<Record<string, string>>;
  /** The delivered files, and which document wrote them. */
  readonly written: readonly WrittenFile[];
}

/** One document of a printed plan. */
export interface PrintedDocument {
  readonly resource: string;
  readonly kind: string;
  readonly object: string;
  readonly number: string;
  readonly hash: string;
  readonly change: Change;
  /** What of it changes; empty where it does not, where it is new, and where nobody knows what was before. */
  readonly changes: readonly ReportedChange[];
  readonly impact: Impact;
  /** The impact in words. */
  readonly meaning: string;
  readonly gap: Gap | undefined;
  /** What the server would be sent. */
  readonly text: string;
}

/** One thing that is not as it was applied. */
export interface Drift extends Difference {
  readonly resource: string;
}

/** What belongs to a printed plan beside the plan itself. */
interface PrintFacts {
  /** Sums of the variables that are no secrets. */
  readonly plain: Readonly<Record<string, string>>;
  /** Of a plan without engine and server: what nobody knows here, and what was published. */
  readonly offline?: { readonly unknown: readonly string[]; readonly documents: readonly AppliedName[] };
}

/** The plan as plain data: for the table, for `slipway plan`, for merge requests, and for whatever compares plans. */
export function printPlan(plan: HostPlan, { plain, offline }: PrintFacts): PrintedPlan {
  const { observation } = plan;
  const { name: stack, connection, release, services, policy } = plan.stack;
  return {
    version: printedVersion,
    stack,
    address: connection.host,
    release: release?.version,
    keepsRelease: plan.keepsRelease,
    made: offline !== undefined ? "offline" : observation === undefined ? "blind" : "observed",
    unknown: offline?.unknown ?? [],
    documents: documentsOf(plan).map((planned) => printDocument(plan, planned)),
    removed: removedDocuments(plan, offline?.documents ?? observation?.applied ?? []),
    services: serviceMoves(plan),
    drift: driftOf(observation),
    remarks: observation?.remarks ?? [],
    images: serviceImages(plan.stack, observation),
    findings: policyFindings(services, policy),
    plain,
    written: plan.written,
  };
}

/** Everything on a server that is not as it was applied, whatever is declared now. */
export function driftOf(observation: Observation | undefined): Drift[] {
  const applied = observation?.applied ?? [];
  return applied.flatMap(({ resource, differences }) => differences.map((difference) => ({ resource, ...difference })));
}

function printDocument(plan: HostPlan, planned: PlannedDocument): PrintedDocument {
  const { document, object, number, hash, change, before, text } = planned;
  const changes = before === undefined ? [] : describeChanges(before, document);
  const { impact, meaning, gap } = costOf(plan, planned);
  return {
    resource: document.resource,
    kind: document.kind,
    ...{ object, number, hash, change },
    changes: changes.map(({ path, from, to }) => ({ path, from, to })),
    ...{ impact, meaning, gap, text },
  };
}

const printedSchema = z.looseObject({
  version: z.literal(printedVersion),
  stack: z.string(),
  documents: z.array(z.looseObject({ resource: z.string() })),
});

/** Whether data is a plan that a program of this version printed; what else stands in it is that program's word. */
export function isPrintedPlan(value: unknown): value is PrintedPlan {
  return printedSchema.safeParse(value).success;
}
