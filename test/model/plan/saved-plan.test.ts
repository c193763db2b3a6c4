import { describe, expect, it } from "vitest";
import { readSavedPlan, savedPlanOf } from "../../../model/plan/saved-plan.ts";
import { carriedOut, wholePlan } from "./applied-plan.ts";
import { mainOf } from "../stack/main-host.ts";
import { shop, site } from "../stack/small-applications.ts";

describe("a saved plan", () => {
  it.each([
    { what: "a site", wanted: site() },
    { what: "a shop", wanted: shop() },
  ])("of $what is read as it was saved, and not at all once it was edited", ({ wanted }) => {
    const kept = savedPlanOf(wholePlan(wanted, carriedOut(wanted)));
    if (kept === undefined) throw new Error("the plan was not kept");
    expect(readSavedPlan(JSON.stringify(kept))).toEqual(kept);
    const { documents, ...host } = mainOf(kept.hosts);
    const hosts = { main: { ...host, documents: documents.slice(1) } };
    expect(readSavedPlan(JSON.stringify({ ...kept, hosts }))).toBeUndefined();
  });

  it.each(["{}", "no JSON"])("is not read from %j", (text) => {
    expect(readSavedPlan(text)).toBeUndefined();
  });

  it("is not saved without an observation", () => {
    expect(savedPlanOf(wholePlan(site(), undefined))).toBeUndefined();
  });
});
