import { describe, expect, it, test } from "vitest";
import type { Observation } from "../../../model/facts/observation.ts";
import { readSavedPlan, savedPlanOf, type SavedPlan } from "../../../model/plan/saved-plan.ts";
import { stalePlanProblems } from "../../../model/report/stale-plan.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { carriedOut, drifted, wholePlan } from "../plan/applied-plan.ts";
import { verifiedFact } from "../facts/release/released.ts";
import { aaperture, lockedImage } from "../stack/aaperture.ts";
import { shop, site } from "../stack/small-applications.ts";
import { at } from "../stack/port.ts";

const applied = aaperture();
const found = carriedOut(applied);
const wanted = aaperture({ variables: { ...applied.variables, POSTGRES_PASSWORD: "f9" } });

function saved(plan = wholePlan(wanted, found, "a1")): SavedPlan {
  const kept = savedPlanOf(plan);
  if (kept === undefined) throw new Error("the plan was not kept");
  const read = readSavedPlan(JSON.stringify(kept));
  if (read === undefined) throw new Error("the plan cannot be read");
  return read;
}

/** The changes since a plan was saved, without the way out, which is always the same. */
function moved(deployment: Deployment, observation: Observation | undefined, kept = saved()): string[] {
  return stalePlanProblems(kept, wholePlan(deployment, observation, "a2")).map(({ path, what }) => `${path}: ${what}`);
}

describe("a saved plan", () => {
  it("holds while nothing changes, although every attempt has another number", () => {
    expect(moved(wanted, found)).toEqual([]);
    const files = found.files.map((file) => ({ ...file, sha256: "" }));
    const rewritten = drifted({ ...found, files }, "files", [["prometheus/prometheus.yml", "as written", "nothing"]]);
    expect(moved(applied, rewritten, saved(wholePlan(applied, rewritten, "a1")))).toEqual([]);
  });

  test.each<[string, Deployment, Observation | undefined, string[]]>([
    [
      "another variable",
      aaperture({ variables: { ...wanted.variables, DOMAINNAME: "f8" } }),
      found,
      [
        "secrets: changed in the configuration since the plan was saved: variable DOMAINNAME changed",
        "rollout: changed in the configuration since the plan was saved: variable DOMAINNAME changed",
        "confirm: changed in the configuration since the plan was saved: rollout changed",
      ],
    ],
    [
      "another image",
      { ...wanted, lock: { ...wanted.lock, "grafana/grafana:12": lockedImage("d") } },
      found,
      [
        expect.stringMatching(
          /^images: .*: grafana image: grafana\/grafana:12@sha256:c{12}… → grafana\/grafana:12@sha256:d{12}…$/,
        ) as string,
        expect.stringMatching(/^shared: .*: grafana image: /) as string,
        expect.stringMatching(/^confirm: .*: grafana image: /) as string,
      ],
    ],
    [
      "drift",
      wanted,
      drifted(found, "networks", [["network shop_data", "made", "missing"]]),
      ["networks: changed on the server since the plan was saved: network shop_data: expected made, found missing"],
    ],
    [
      "a server that cannot be asked",
      wanted,
      undefined,
      ["hosts.main: cannot be asked, so it is not known whether the saved plan still holds"],
    ],
    [
      "another machine",
      wanted,
      { ...found, host: { ...found.host, machine: "machine-2" } },
      ["hosts.main: is another machine than the plan was made for, got 'machine-2'"],
    ],
    [
      "another release on the server",
      wanted,
      { ...found, release: verifiedFact({ release: "2" }) },
      ["release: is another one on the server since the plan was saved, got '2 in blue, 2 verified' after ''"],
    ],
    [
      "a volume that is gone",
      wanted,
      {
        ...found,
        volumes: [
          { volume: "v", exists: false, cluster: "", major: "", folder: "", empty: true, remembered: null, owner: "" },
        ],
      },
      ["volume v: is not what it was when the plan was saved"],
    ],
    [
      "another stack",
      { ...wanted, stack: "aaperture/production" },
      found,
      ["stack: is not the one of the saved plan, got 'aaperture/production' beside 'aaperture/staging'"],
    ],
  ])("rejects %s", (_, deployment, observation, words) => {
    expect(moved(deployment, observation)).toEqual(words);
  });

  it("rejects a document that another run applied in between, with both numbers", () => {
    const others = found.applied.map((fact) =>
      fact.object === "secrets" ? { ...fact, number: "2.b", hash: "other" } : fact,
    );
    expect(moved(wanted, { ...found, applied: others })).toEqual([
      "secrets: was applied on the server since the plan was saved, got '2.b' after '1.a'",
    ]);
  });

  it("rejects a document that is new or gone since, such as the guard of a volume", () => {
    const server = carriedOut(shop());
    const fewer = { ...shop(), application: { ...shop().application, volumes: { jobs: {} } } };
    const guard = (from: Deployment, to: Deployment) =>
      moved(to, server, saved(wholePlan(from, server))).filter((line) => line.startsWith("volume-"));
    expect(guard(shop(), fewer)).toEqual(["volume-rows: is no longer declared since the plan was saved"]);
    expect(guard(fewer, shop())).toEqual(["volume-rows: is declared since the plan was saved"]);
  });

  it("rejects a difference that is gone from the server since", () => {
    const server = carriedOut(site());
    const hurt = drifted(server, "networks", [["network site_data", "made", "missing"]]);
    expect(moved(site(), server, saved(wholePlan(site(), hurt)))).toEqual([
      "networks: changed back on the server since the plan was saved: network site_data: expected made, found missing",
    ]);
  });

  it("rejects a server that is new or gone since", () => {
    const server = carriedOut(site());
    const kept = saved(wholePlan(site(), server));
    const { main } = kept.hosts;
    if (main === undefined) throw new Error("the saved plan lost its server");
    expect(moved(site(), server, { ...kept, hosts: {} })).toEqual(["hosts.main: is declared since the plan was saved"]);
    expect(moved(site(), server, { ...kept, hosts: { main, old: main } })).toEqual([
      "hosts.old: is no longer declared since the plan was saved",
    ]);
  });

  it("rejects all that changed with the same way out", () => {
    const server = carriedOut(site());
    const local = { ...site(), ports: { web: at(8080) } };
    const problems = stalePlanProblems(saved(wholePlan(site(), server)), wholePlan(local, server));
    expect(problems.map(({ path }) => path)).toEqual(["claim", "claim", "proxy", "proxy", "rollout", "confirm"]);
    expect(problems.slice(2, 3)).toEqual([
      {
        path: "proxy",
        what:
          "changed in the configuration since the plan was saved: " +
          "slipway-proxy port: 0.0.0.0:8080:9001 → 127.0.0.1:8080:9001",
        todo: "review a new plan, and save it with `slipway plan --save`",
      },
    ]);
  });
});
