import { describe, expect, it } from "vitest";
import { adoptableProjects, ensureNothingAdopted } from "../../../../model/facts/hand-made/hand-made.ts";
import { handMadePorts } from "../../../../model/facts/hand-made/hand-made-ports.ts";
import type { NetworkFact, Observation } from "../../../../model/facts/observation.ts";
import type { RunRecord } from "../../../../model/facts/release/release.ts";
import { verifiedFact } from "../release/released.ts";
import { UserError } from "../../../../model/problem.ts";
import type { Deployment } from "../../../../model/stack/deployment.ts";
import { planOf } from "../../plan/applied-plan.ts";
import { hostOf } from "../../stack/main-host.ts";
import { shop } from "../../stack/small-applications.ts";
import { container, facts, handMade, kept, taking } from "./hand-made-shop.ts";
import { observed } from "../observed.ts";

function problems(wanted: Deployment, found: Observation): string[] {
  try {
    planOf(wanted, found);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(({ path, what, todo }) => `${path}: ${what}; ${todo}`);
  }
}

const released = (verdict: RunRecord["verdict"]) => verifiedFact({ verdict });

describe("a hand-made project whose place a stack takes (X1)", () => {
  it("names the address of each port that the stack publishes elsewhere", () => {
    const ports = ["0.0.0.0:8080", "127.0.0.1:8081", "0.0.0.0:8082/udp"];
    const owned = [8080, 8081].map((first) => {
      return { service: "web", address: "127.0.0.1", first, last: first, protocol: "tcp" } as const;
    });
    const found = handMadePorts({ containers: [container("web", { ports })] }, owned);
    expect(found.map(({ text, service, elsewhere }) => [text, service, elsewhere])).toEqual([
      ["0.0.0.0:8080", "web", "127.0.0.1:8080"],
      ["127.0.0.1:8081", "web", undefined],
      ["0.0.0.0:8082/udp", undefined, undefined],
    ]);
  });

  it("makes way with its ports, names and networks, and nobody else does", () => {
    const [own] = hostOf(shop()).ports.filter(({ service }) => service === "web");
    const listener = { port: String(own?.first), protocol: "tcp", address: "0.0.0.0", pid: "", command: "" } as const;
    const old = { ...listener, container: "old-web-1", project: "old" };
    const network: NetworkFact = { name: "shop_default", stack: "", project: "old", subnets: [], guests: [] };
    const wanted = taking({}, kept);
    expect(problems(wanted, facts({ listeners: [old], networks: [network] }))).toEqual([]);
    const others = facts({
      listeners: [{ ...old, project: "other" }],
      networks: [{ ...network, guests: ["backup"] }],
    });
    expect(problems(wanted, others).map((line) => line.replace(/:.*/, ""))).toEqual(["ports.web", "project"]);
  });

  it("is rejected where it is not there, is another stack's, or a part of this one", () => {
    expect(problems(taking(), observed())).toEqual([
      "adopt.project: is not a compose project with containers on this server, got 'old'; " +
        "see `docker compose ls --all` there, or remove the key",
    ]);
    const nothing = { ports: [], volumes: [], networks: [], containers: [], subnets: [] };
    const claim = { stack: "a/b", directory: "/srv/a", real: "/srv/a", readable: true, projects: ["old"], ...nothing };
    expect(problems(taking({}, kept), facts({ claims: [claim] }))).toEqual([
      "adopt.project: is a compose project of stack 'a/b' on this server, got 'old'; name one that no stack has, " +
        "or remove the key",
    ]);
    expect(problems(taking({ project: "shop-blue" }, kept), facts())).toEqual([
      "adopt.project: is the project that slipway uses for this stack's release in blue, got 'shop-blue'; " +
        "choose another `project` for the stack",
    ]);
  });

  it("is rejected where the stack would start a service beside its data", () => {
    const value = /adopt\.data\["shop_rows"\]' (\S+)`/;
    const found = facts({
      volumes: [
        {
          volume: "shop_rows",
          exists: false,
          cluster: "",
          major: "",
          folder: "",
          empty: true,
          remembered: null,
          owner: "",
        },
      ],
    });
    const [line = ""] = problems(taking(), found);
    expect(line.replace(value, `adopt.data["shop_rows"]' …\``)).toBe(
      "services.database.data: is in volume 'old_rows' of project 'old', and the stack has volume 'shop_rows'; " +
        "run `slipway adopt`, which writes the place into the stack file, or run `pulumi config set --path " +
        "'adopt.data[\"shop_rows\"]' …` and `pulumi up`, by which the service starts with an empty volume",
    );
    const accepted = taking({ data: { shop_rows: value.exec(line)?.[1] ?? "" } });
    expect(problems(accepted, found)).toEqual([]);
  });
});

describe("a hand-made project whose place a stack has taken (X1)", () => {
  const adoption = { project: "old", done: false, kept: ["old-web-1"] };

  it("is not forgotten as long as its containers are kept", () => {
    expect(problems(shop(), facts({ adoption }))).toEqual([
      "adopt.project: was 'old', whose containers are kept to go back, and is no longer named; name it again; then " +
        "`slipway adopt --done` gives them up, or `slipway adopt --undo` starts them again",
    ]);
    expect(problems(shop(), facts({ adoption: { ...adoption, done: true } }))).toEqual([]);
  });

  it("is given up after a run that ended well", () => {
    const done = taking({ done: true }, kept);
    expect(problems(done, facts({ adoption, release: released("verified") }))).toEqual([]);
    expect(problems(done, facts({ adoption, release: released("failed") }))).toEqual([
      "adopt.done: gives up the containers of 'old', and the last run did not end well (failed); remove it, and set " +
        "it after a run that ends well",
    ]);
    expect(problems(done, facts())).toEqual([
      "adopt.done: gives up the containers of 'old', which this stack has not taken over yet; remove it, run " +
        "`slipway up`, and set it once everything works",
    ]);
  });

  it("is the only one, until the adoption is removed", () => {
    const given = { ...adoption, done: true };
    expect(problems(taking({ project: "shop", done: true }, kept), facts({ adoption: given }))).toEqual([
      "adopt.project: was 'old', whose containers are given up, got 'shop'; remove adopt.project and adopt.done, run " +
        "`slipway up`, and then `slipway adopt`",
    ]);
    const told = [undefined, adoption, given].map((one) => ensureNothingAdopted({ adoption: one }));
    expect(told.map(([problem]) => problem?.what)).toEqual([
      undefined,
      "the stack has taken over 'old' already, and keeps its old containers",
      "the stack has taken over 'old' already, and its old containers are given up",
    ]);
  });
});

describe("the hand-made projects that a stack may adopt (X1)", () => {
  const found = ["old", "shop", "shop-blue"].map((project) => handMade({ project }));
  const adoptable = (...objects: string[]): string[] => {
    const nothing = { kind: "", resource: "", number: "1.a", hash: "", text: "", differences: [] };
    const applied = objects.map((object) => ({ object, ...nothing }));
    const own = { shop: "shared", "shop-blue": "blue" };
    return adoptableProjects(own, { handMade: found, applied }).map(({ project }) => project);
  };

  it("may have the name of the stack's own shared project", () => {
    expect(adoptable()).toEqual(["old", "shop"]);
  });

  it("are not those that slipway made for the stack", () => {
    expect(adoptable("compose:shop")).toEqual(["old"]);
  });
});
