import { describe, expect, it } from "vitest";
import { printPlan } from "../../../model/report/print-plan.ts";
import type { PrintedDocument } from "../../../model/report/printed-plan.ts";
import type { Observation } from "../../../model/facts/observation.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { verifiedFact } from "../facts/release/released.ts";
import { facts, handMade, kept, taking } from "../facts/hand-made/hand-made-shop.ts";
import { carriedOut, noPlain, wholePlan } from "../plan/applied-plan.ts";
import { mainOf } from "../stack/main-host.ts";
import { shop } from "../stack/small-applications.ts";

/** The adoption as the plan of a stack prints it. */
function printed(wanted: Deployment, found: Observation): PrintedDocument | undefined {
  const { documents } = mainOf(printPlan(wholePlan(wanted, found), noPlain).hosts);
  return documents.find(({ kind }) => kind === "adoption");
}

describe("a hand-made project whose place a stack takes (X1)", () => {
  it("stands in the plan with all that stops, that is claimed, and that stays", () => {
    const adoption = printed(taking({}, kept), facts());
    expect(adoption?.changes.map(({ path, from, to }) => `${path}: ${from}, ${to}`)).toEqual([
      "container old-web-1: runs, stopped, and kept",
      "container old-database-1: runs, stopped, and kept",
      "port 127.0.0.1:8080: old-web-1, free, since the stack does not publish it",
      "volume 'old_rows': of database, claimed for database, and guarded",
      "network old_default: exists, removed; --undo creates it again",
    ]);
    expect(adoption).toMatchObject({
      impact: "gap",
      meaning: "'old' stops (database, web): no answers until the stack's own services are ready",
    });
  });

  it("is replaced in place by shared services of the same project", () => {
    const same = handMade({ project: shop().project });
    const document = printed(taking({ project: same.project }, kept), facts({ handMade: [same] }));
    const containers = document?.changes.filter(({ path }) => path.startsWith("container")).map(({ to }) => to);
    expect(containers).toEqual(["stopped, and kept", "replaced in place; its description is kept"]);
  });

  it("stands in the plan with each container that is given up", () => {
    const adopted = {
      adoption: { project: "old", done: false, kept: ["old-web-1", "old-database-1"] },
      release: verifiedFact({}, { colours: [] }),
    };
    const before = carriedOut(taking({}, kept), adopted, facts());
    const adoption = printed(taking({ done: true }, kept), before);
    expect(adoption).toMatchObject({ impact: "data" });
    expect(adoption?.changes.map(({ path, from, to }) => `${path}: ${from}, ${to}`)).toEqual([
      "container old-web-1: kept to go back, removed for good; its volumes stay",
      "container old-database-1: kept to go back, removed for good; its volumes stay",
      "done: , true",
    ]);
  });
});
