import { describe, expect, it } from "vitest";
import type { NetworkFact } from "../../../model/facts/observation.ts";
import { documentsOf } from "../../../model/plan/plan.ts";
import { remadeNetworks } from "../../../model/plan/remade-networks.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { observed } from "../facts/observed.ts";
import { shop } from "../stack/small-applications.ts";
import { carriedOut, drifted, planOf } from "./applied-plan.ts";

const { stack } = shop();
const there = (guests: readonly string[], subnet = "10.213.0.0/26"): NetworkFact => {
  return { name: "shop_default", stack, project: "", subnets: [subnet], guests };
};

/** The file has another default network. */
function closed(): Deployment {
  const { application, ...others } = shop();
  return { ...others, application: { ...application, networks: { default: { internal: true } } } };
}

const gone: [string, string, string] = ["network shop_default", "as its document says", "another"];
const refusal =
  "networks: 'shop_default' must be made again, and has containers that are not of this stack, got 'a', 'b'; " +
  "disconnect them with `docker network disconnect shop_default <container>`, and connect them again later";

describe("a network that must be made again", () => {
  it("is rejected by the plan while containers of others are in it (SEC-D5)", () => {
    const found = carriedOut(shop(), { networks: [there(["a", "b"])] });
    expect(() => planOf(closed(), found)).toThrow(refusal);
    expect(() => planOf(shop(), drifted(found, "networks", [gone]))).toThrow(refusal);
  });

  it("is none where nothing of it changes, or where it is not there yet", () => {
    const networks = [there(["a"])];
    expect(documentsOf(planOf(shop(), carriedOut(shop(), { networks })))).not.toEqual([]);
    expect(documentsOf(planOf(shop(), observed({ networks })))).not.toEqual([]);
    const forgotten = drifted(carriedOut(shop(), { networks }), "networks", [
      ["memory of network shop_default", "kept", "missing"],
    ]);
    expect(remadeNetworks(planOf(shop(), forgotten).networks, forgotten)).toEqual([]);
  });

  it("is one that has too few addresses, and not one that has more than enough", () => {
    const range = "10.213.0.0/16";
    const document = (prefix: string) => ({
      ...{ kind: "networks", resource: "networks" },
      body: { range, networks: { shop_default: { prefix } } },
    });
    const { networks } = planOf(shop(), undefined);
    const again = (before: string, after: string, subnet: string) =>
      remadeNetworks(
        { ...networks, document: document(after), before: document(before) },
        observed({
          networks: [there([], subnet)],
        }),
      );
    expect(again("26", "25", "10.213.0.0/26")).toEqual(["shop_default"]);
    expect(again("26", "25", "10.213.0.0/24")).toEqual([]);
    expect(again("25", "26", "10.213.0.0/25")).toEqual([]);
  });
});
