import { formatNumber } from "../../model/document/number.ts";
import type { DocumentKind } from "../../model/document/bodies.ts";
import type { AppliedFact, Difference } from "../../model/facts/observation.ts";
import { messageOf } from "../../model/problem.ts";
import type { Applied } from "../state/stack-state.ts";
import { requireKind, verbOf } from "../verbs/table.ts";
import { readWhole } from "../verbs/whole-document.ts";
import type { View } from "../view.ts";

/** Every applied document, with everything on the server that is no longer as it says. */
export async function appliedFacts(view: View): Promise<AppliedFact[]> {
  const { applied, damaged } = view.state.allApplied();
  const facts = applied.map(async ({ number, ...document }): Promise<AppliedFact> => {
    return { ...document, number: formatNumber(number), differences: await differencesOf(document, view) };
  });
  return [...(await Promise.all(facts)), ...damaged.map(damagedFact)];
}

/** Anything that goes wrong in a comparison is a difference: the object may have changed. */
async function differencesOf({ object, kind, text }: Omit<Applied, "number">, view: View): Promise<Difference[]> {
  try {
    return await compare(requireKind(kind), text, view);
  } catch (error) {
    return [{ where: object, expected: "can be compared", found: messageOf(error) }];
  }
}

async function compare(kind: DocumentKind, text: string, view: View): Promise<Difference[]> {
  return await verbOf(kind).differences(readWhole(kind, text).body, view);
}

/** The memory of an object that cannot be read: its name is lost, so a plan takes the object for a new one. */
function damagedFact(path: string): AppliedFact {
  const lost = { kind: "", resource: "", number: "", hash: "", text: "" };
  return { object: path, ...lost, differences: [{ where: path, expected: "can be read", found: "damaged" }] };
}
