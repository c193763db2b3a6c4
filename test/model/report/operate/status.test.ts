import { describe, expect, it } from "vitest";
import { nothingSaid } from "../../../../model/facts/release/going-back.ts";
import type { ContainerFact, Observation } from "../../../../model/facts/observation.ts";
import type { ReleaseFact } from "../../../../model/facts/release/release.ts";
import { releaseRowLines, releaseRows } from "../../../../model/report/operate/past-releases.ts";
import { statusReport } from "../../../../model/report/operate/status.ts";
import { statusLines } from "../../../../model/report/operate/status-lines.ts";
import { textOf } from "../../../../model/report/tone.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { observed } from "../../facts/observed.ts";
import { colourFact, verifiedFact, verifiedRecord } from "../../facts/release/released.ts";
import { carriedOut } from "../../plan/applied-plan.ts";
import { aaperture } from "../../stack/aaperture.ts";
import { mainOf } from "../../stack/main-host.ts";

const host = mainOf(stackOf(aaperture()).hosts);

function container(project: string, service: string, also: Partial<ContainerFact> = {}): ContainerFact {
  const image = `registry.test/${service}@sha256:${"0".repeat(64)}`;
  const state = { state: "running", exitCode: 0, health: "healthy", since: "2026-01-02T00:00:00Z" };
  return { project, service, name: `${project}-${service}`, image, ...state, restarts: 0, done: false, ...also };
}

const hash = (digit: string): string => digit.repeat(64);
const images = { api: "registry.test/api@sha256:1" };
const one = verifiedRecord({ release: "1.0.0", commit: "aaaaaaaaaaaaaaaa", hash: hash("1"), images });
const two = verifiedRecord({ run: "run-2", release: "1.1.0", hash: hash("2"), images, time: "2026-01-02T00:00:00Z" });

function released(also: Partial<ReleaseFact> = {}): ReleaseFact {
  const green = {
    state: "live",
    release: "1.1.0",
    hash: hash("2"),
    since: "2026-01-02T00:00:00Z",
    verified: true,
  } as const;
  const blue = {
    state: "warm",
    release: "1.0.0",
    commit: "aaaaaaaaaaaaaaaa",
    hash: hash("1"),
    verified: true,
  } as const;
  const colours = [colourFact("blue", blue), colourFact("green", green)];
  return verifiedFact({}, { colours, records: [one, two], ...also });
}

function lines(also: Partial<Observation>): string {
  const report = statusReport("aaperture/staging", host, observed(also));
  return statusLines(report).map(textOf).join("\n");
}

describe("the status of a stack", () => {
  const containers = [
    container("aaperture-staging", "postgres"),
    container("aaperture-staging-green", "api-green"),
    container("aaperture-staging-blue", "api-blue"),
  ];

  it("shows what serves with its commit, the warm colour, and the exact command to go back (D9)", () => {
    const text = lines({ release: released(), containers });
    expect(text).toContain("aaperture/staging on main, ");
    expect(text).toMatch(/: well\n/);
    expect(text).toContain("serves        1.1.0 in green since 2026-01-02T00:00:00Z\n");
    expect(text).toContain("warm          1.0.0 (aaaaaaaaaaaa) in blue, running\n");
    expect(text).toContain("go back       slipway switch-back --stack staging  (to 1.0.0 (aaaaaaaaaaaa))\n");
    expect(text).toContain("api-green");
    expect(text).not.toContain("api-blue");
  });

  it("names a command that runs by hand, which makes no stopped colour run (D9)", () => {
    const stopped = [...containers.slice(0, 2), container("aaperture-staging-blue", "api-blue", { state: "exited" })];
    const runs = ["green", "blue"].map((colour) => {
      const name = `aaperture-staging-${colour}-api-run-1`;
      return container(`aaperture-staging-${colour}`, `api-${colour}`, { name, done: true });
    });
    const text = lines({ release: released(), containers: [...stopped, ...runs] });
    expect(text).toMatch(/api-green +healthy/);
    expect(text).toMatch(/api-green +run by hand/);
    expect(text).toContain("warm          1.0.0 (aaaaaaaaaaaa) in blue, stopped\n");
  });

  it("is not well where a container is gone, although nothing that is there is ill (D9, F96)", () => {
    const release = released();
    const found = carriedOut(aaperture(), { release });
    const gone = { where: "aaperture-staging-grafana", expected: "running", found: "missing" };
    const applied = found.applied.map((fact) => (fact.resource === "shared" ? { ...fact, differences: [gone] } : fact));
    expect(lines(found)).toMatch(/: well\n/);
    expect(lines({ ...found, applied })).toMatch(/: not well\n/);
    expect(lines({ ...found, applied })).toContain(
      "unhealthy     aaperture-staging-grafana has no container in aaperture-staging\n",
    );
  });

  it("names `rollback` where nothing is warm, and no command where there is no earlier release", () => {
    const idle = [colourFact("blue"), ...released().colours.slice(1)];
    expect(lines({ release: released({ colours: idle }) })).toContain("slipway rollback --stack staging  (to 1.0.0");
    expect(lines({ release: released({ colours: idle, records: [two] }) })).toContain("there is no earlier release");
    expect(lines({})).toContain("nothing serves");
  });

  it("is not well while a release is held, until a later one is verified", () => {
    const hold = { release: "1.2.0", hash: hash("3"), by: "hand", who: "ada", why: "orders fail" };
    const report = (since: string) => {
      const release = released({ holds: [{ ...hold, since }] });
      return statusReport("aaperture/staging", host, observed({ release, containers }));
    };
    expect(report("2026-01-03T00:00:00Z").well).toBe(false);
    expect(report("2026-01-01T12:00:00Z").well).toBe(true);
    const text = statusLines(report("2026-01-03T00:00:00Z")).map(textOf).join("\n");
    expect(text).toMatch(/: a release is held\n/);
    expect(text).toContain("'1.2.0' is held by hand (ada) since 2026-01-03T00:00:00Z: orders fail;");
    expect(text.replaceAll(/\s+/g, " ")).toContain("`slipway resume 1.2.0 --stack staging` lets it be deployed again");
  });

  it("is not well where the engine does not answer, and names other stacks and damaged records (F95)", () => {
    const silent = observed();
    const claims = [{ ...nothing, stack: "shop/live" }];
    const damage = ["line 3 of '/var/lib/…/records' is damaged, and is skipped"];
    const text = lines({ host: { ...silent.host, engine: "" }, claims, release: released({ damage }) });
    expect(text).toContain("the server's engine does not answer");
    expect(text).toContain("also here     shop/live");
    expect(text).toContain("records       line 3 of");
  });
});

const nothing = {
  ...{ directory: "", real: "", projects: [], ports: [], volumes: [], networks: [], containers: [] },
  ...{ subnets: [], readable: true },
};

describe("the releases of a stack", () => {
  it("are listed with the newest first, each with its way back or why there is none", () => {
    const rows = releaseRows(released(), nothingSaid);
    expect(rows.map(({ release, canGoBack, whyNot }) => [release, canGoBack, whyNot])).toEqual([
      ["1.1.0", false, "it serves already"],
      ["1.0.0", true, ""],
    ]);
    const text = releaseRowLines("staging", rows, []).map(textOf).join("\n");
    expect(text).toContain("slipway rollback --to 1.0.0 --stack staging");
    expect(text).toContain("no: it serves already");
  });

  it("tell how many requests were lost while the traffic moved, or that it is not known (E3)", () => {
    const traffics = [
      { asked: 40, failed: 1, errors: 2 },
      { asked: 40, failed: 0 },
    ];
    const records = traffics.map((traffic, at) => ({ ...two, run: `run-${at}`, traffic }));
    const text = releaseRowLines("staging", releaseRows(released({ records }), nothingSaid), [])
      .map(textOf)
      .join(" ");
    const words = text.replaceAll(/\s+/g, " ");
    expect(words).toContain("lost while the traffic moved: 1 of slipway's 40 requests, 2 errors of the proxy");
    expect(words).toContain("0 of slipway's 40 requests, the proxy's log could not be read");
  });

  it("show a reason in few lines, whatever somebody wrote into it", () => {
    const why = `the cart is empty\n${"and more\n".repeat(20_000)}`;
    const records = [one, { ...two, why }];
    const rows = releaseRowLines("staging", releaseRows(released({ records }), nothingSaid), []);
    expect(rows.length).toBeLessThan(30);
    expect(rows.map(textOf).join("\n")).toContain("the cart is empty and more and more");
    const hold = {
      release: "1.1.0",
      hash: hash("2"),
      by: "hand",
      who: "ada",
      why,
      since: "2026-01-03T00:00:00Z",
    } as const;
    expect(lines({ release: released({ records, holds: [hold] }) }).split("\n").length).toBeLessThan(60);
  });

  it("of a new stack are none", () => {
    expect(releaseRowLines("staging", [], [])).toEqual(["no run has left a record"]);
  });
});
