import { costOf, type Impact } from "./impact.ts";
import { documentsOf, type HostPlan } from "./plan.ts";
import type { Change } from "./planned-document.ts";

/** A plan as other programs read it; names and fingerprints stand in it, no value of a secret. */
export interface PrintedPlan {
  readonly stack: string;
  readonly address: string;
  readonly release: string | undefined;
  /** Whether the server was looked at. */
  readonly observed: boolean;
  readonly documents: readonly PrintedDocument[];
}

/** One document of a printed plan. */
export interface PrintedDocument {
  readonly resource: string;
  readonly kind: string;
  readonly object: string;
  readonly number: string;
  readonly hash: string;
  readonly change: Change;
  readonly impact: Impact;
  /** What the server would be sent. */
  readonly text: string;
}

/** The plan as plain data, for `slipway plan --json` and for whatever compares plans. */
export function printPlan(plan: HostPlan): PrintedPlan {
  const { stack, connection, release } = plan.deployment;
  const documents = documentsOf(plan).map((planned) => ({
    resource: planned.document.resource,
    kind: planned.document.kind,
    object: planned.object,
    number: planned.number,
    hash: planned.hash,
    change: planned.change,
    impact: costOf(planned).impact,
    text: planned.text,
  }));
  const observed = documents.every(({ change }) => change.kind !== "blind");
  return { stack, address: connection.host, release: release?.version, observed, documents };
}
