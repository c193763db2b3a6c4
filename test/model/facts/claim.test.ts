import { describe, expect, it } from "vitest";
import { isProtected } from "../../../model/facts/claim.ts";
import { changesOf } from "../../../model/plan/plan.ts";
import { printPlan } from "../../../model/report/print-plan.ts";
import { carriedOut, noPlain, planOf, wholePlan } from "../plan/applied-plan.ts";
import { mainOf } from "../stack/main-host.ts";
import { aaperture } from "../stack/aaperture.ts";
import { observed } from "./observed.ts";

const kept = aaperture({ protected: true });

describe("a stack that is marked as protected", () => {
  it("is one by its applied claim, which no other stack's claim says", () => {
    expect(isProtected(carriedOut(kept))).toBe(true);
    expect(isProtected(carriedOut(aaperture()))).toBe(false);
    expect(isProtected(observed())).toBe(false);
    expect(planOf(kept, observed()).claim.text).toContain("\nprotected: 'true'\n");
    expect(planOf(aaperture(), observed()).claim.text).not.toContain("protected");
  });

  it("changes its claim alone when the mark comes or goes, which costs nothing", () => {
    const changes = [
      { wanted: kept, found: carriedOut(aaperture()), change: { path: "protected", from: "", to: "true" } },
      { wanted: aaperture(), found: carriedOut(kept), change: { path: "protected", from: "true", to: "" } },
    ];
    for (const { wanted, found, change } of changes) {
      const plan = wholePlan(wanted, found, "b");
      expect(changesOf(mainOf(plan.hosts)).map(({ object }) => object)).toEqual(["claim"]);
      const [claim] = mainOf(printPlan(plan, noPlain).hosts).documents;
      expect(claim).toMatchObject({ impact: "none", changes: [change] });
    }
  });
});
