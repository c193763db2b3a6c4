import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import type { Observation } from "../../model/facts/observation.ts";
import { documentsOf, type Plan } from "../../model/plan/plan.ts";
import { configurationError } from "../../model/problem.ts";
import { openSessions, type Observations } from "../../remote/session.ts";
import { observed } from "../model/facts/observed.ts";
import { carriedOut, wholePlan } from "../model/plan/applied-plan.ts";
import { aaperture, migration } from "../model/stack/aaperture.ts";
import { mainOf } from "../model/stack/main-host.ts";
import { StubSsh } from "./stub-ssh.ts";

const deployment = aaperture();
/** The lines that keep the objects of the deployment. */
const kept = documentsOf(mainOf(wholePlan(deployment, observed()).hosts)).map(({ object }) => `keep ${object}`);

/** Lists the lines that one run sends to its server. */
async function sessionOf(
  found: Observation,
  plan: (seen: Observation | undefined) => Plan,
  ssh = new StubSsh(),
): Promise<string[]> {
  const client = ssh.client();
  const run = { id: "run-1", holder: "shop/test, me" };
  const values = [{ name: "POSTGRES_DB", value: "shop" }];
  const logins = [{ server: "registry.test", user: "me", password: "canary" }];
  try {
    const planOf = ({ main }: Observations): Plan => plan(main);
    await openSessions({ main: { observation: found, client } }, { run, values, logins, plan: planOf });
  } finally {
    await client.close();
  }
  return ssh.lines();
}

describe("a session", () => {
  it("is not opened by a run that changes nothing, which only keeps what it declares", async () => {
    const lines = await sessionOf(carriedOut(deployment), (seen) => wholePlan(deployment, seen));
    expect(lines).toEqual([...kept, "end"]);
    expect(kept).toContain("keep rollout");
  });

  it("takes the lease before it stages values, and then observes and plans again", async () => {
    const seen: (Observation | undefined)[] = [];
    const lines = await sessionOf(observed({ journal: ["first"] }), (found) => {
      seen.push(found);
      return wholePlan(deployment, found);
    });
    expect(lines.filter((line) => !line.startsWith("want "))).toEqual([
      "lease 300 run-1 shop/test, me",
      `secret env ${Buffer.from('POSTGRES_DB="shop"\n').toString("base64")}`,
      expect.stringMatching(/^secret registry /),
      "observe",
      ...kept,
      "end",
    ]);
    expect(seen.map((found) => found?.journal)).toEqual([["first"], []]);
  });

  it("may remove only the objects that the plan removes (F99)", async () => {
    const found = carriedOut(aaperture({ migration: migration() }));
    const lines = await sessionOf(found, (seen) => wholePlan(deployment, seen), StubSsh.of(found));
    expect(lines.filter((line) => !kept.includes(line)).slice(-3)).toEqual(["observe", "remove migration", "end"]);
  });

  it("is opened for a removal alone, which an earlier run left", async () => {
    const left = carriedOut(aaperture({ migration: migration() })).applied.filter(({ kind }) => kind === "migration");
    const done = carriedOut(deployment);
    const found = { ...done, applied: [...done.applied, ...left] };
    const lines = await sessionOf(found, (seen) => wholePlan(deployment, seen), StubSsh.of(found));
    expect(lines[0]).toBe("lease 300 run-1 shop/test, me");
    expect(lines.filter((line) => !kept.includes(line)).slice(-3)).toEqual(["observe", "remove migration", "end"]);
  });

  it("rejects a plan that is forbidden under the lease, with the plan's own message", async () => {
    const problem = { path: "ports.api", what: "is in use", todo: "choose another" };
    let asked = 0;
    const plan = (found: Observation | undefined): Plan => {
      if ((asked += 1) > 1) throw configurationError([problem]);
      return wholePlan(deployment, found);
    };
    await expect(sessionOf(observed(), plan)).rejects.toThrow(configurationError([problem]));
  });

  it("rejects a server that stops answering, and says that the session did not open", async () => {
    const client = new StubSsh("exit 1").client();
    const plan = ({ main }: Observations): Plan => wholePlan(deployment, main);
    const request = { run: { id: "run-1", holder: "me" }, values: [], logins: [], plan };
    await expect(openSessions({ main: { observation: observed(), client } }, request)).rejects.toThrow(
      "host: the session did not open: ssh ended without a word (exit code 1); mend the cause above, and run again",
    );
  });

  it("closes every connection if the first plan is forbidden, so that no server waits for the run", async () => {
    const [main, other] = [new StubSsh(), new StubSsh()];
    const hosts = {
      main: { observation: observed(), client: main.client() },
      other: { observation: observed(), client: other.client() },
    };
    const forbidden = configurationError({ path: "ports.api", what: "is in use", todo: "choose another" });
    const plan = (): Plan => {
      throw forbidden;
    };
    const request = { run: { id: "run-1", holder: "me" }, values: [], logins: [], plan };
    await expect(openSessions(hosts, request)).rejects.toThrow(forbidden);
    expect([main.lines(), other.lines()]).toEqual([["end"], ["end"]]);
  });
});
