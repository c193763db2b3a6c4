import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { bodySchemas } from "../../model/document/bodies.ts";
import type { Observation } from "../../model/facts/observation.ts";
import { documentsOf, type Plan } from "../../model/plan/plan.ts";
import { configurationError } from "../../model/problem.ts";
import { stagedEnvFile, variableOfFile } from "../../model/stack/env/env-files.ts";
import type { StackEnvFile } from "../../model/compose/application.ts";
import type { Request } from "../../model/session/protocol.ts";
import { openSessions, type Observations } from "../../remote/session.ts";
import { observed } from "../model/facts/observed.ts";
import { carriedOut, wholePlan } from "../model/plan/applied-plan.ts";
import { aaperture, migration } from "../model/stack/aaperture.ts";
import { mainOf } from "../model/stack/main-host.ts";
import { StubSsh } from "./stub-ssh.ts";

const deployment = aaperture();
const plan = wholePlan(deployment, observed());
const objects = documentsOf(mainOf(plan.hosts)).map(({ object }) => object);
const images = Object.keys(bodySchemas.images.parse(mainOf(plan.hosts).images.document.body).images);

const keep = { do: "keep", objects };
const end = { do: "end" };
const run = { id: "run-1", holder: "shop/test, me", job: "https://ci.test/1" };
const lease = { do: "lease", seconds: 300, run: "run-1", holder: "shop/test, me", job: "https://ci.test/1" };

/** Lists the requests that one run sends to its server. */
async function sessionOf(
  found: Observation,
  planOf: (seen: Observation | undefined) => Plan,
  ssh = new StubSsh(),
): Promise<Request[]> {
  const client = await ssh.started();
  const values = [{ name: "POSTGRES_DB", value: "shop" }];
  const logins = [{ server: "registry.test", user: "me", password: "canary" }];
  try {
    const plain = { POSTGRES_DB: "shop" };
    const request = { run, values, plain, logins, plan: ({ main }: Observations): Plan => planOf(main) };
    await openSessions({ main: { observation: found, client } }, request);
  } finally {
    await client.close();
  }
  return ssh.requests();
}

describe("a session", () => {
  it("is not opened by a run that changes nothing, which only keeps what it declares", async () => {
    const requests = await sessionOf(carriedOut(deployment), (seen) => wholePlan(deployment, seen));
    expect(requests).toEqual([keep, end]);
    expect(objects).toContain("rollout");
  });

  it("takes the lease before it stages values, observes and plans again, and then lets images be fetched", async () => {
    const seen: (Observation | undefined)[] = [];
    const requests = await sessionOf(observed({ journal: ["first"] }), (found) => {
      seen.push(found);
      return wholePlan(deployment, found);
    });
    expect(requests).toEqual([
      lease,
      { do: "secret", name: "env", value: Buffer.from('POSTGRES_DB="shop"\n').toString("base64") },
      { do: "secret", name: "plain", value: Buffer.from('{"env":["POSTGRES_DB"]}').toString("base64") },
      { do: "secret", name: "registry", value: expect.any(String) as unknown },
      { do: "observe", scope: expect.objectContaining({ directory: "/var/www/aaperture-staging" }) as unknown },
      keep,
      { do: "fetch", images },
      end,
    ]);
    expect(images.length).toBeGreaterThan(3);
    expect(seen.map((found) => found?.journal)).toEqual([["first"], []]);
  });

  it("stages an env file of a service under a name of its own, with no value of another one", async () => {
    const file: StackEnvFile = { from: "stack", path: "web.env", place: "" };
    const { services } = deployment.application;
    const api = services["api"] ?? expect.fail("the stack has an api");
    const application = { ...deployment.application, services: { ...services, api: { ...api, envFiles: [file] } } };
    const contents = { "web.env": { KEY: variableOfFile("web.env", "KEY"), DB: "POSTGRES_DB" } };
    const own = { ...deployment, application, envFiles: { contents, only: {} } };
    const ssh = new StubSsh();
    const client = await ssh.started();
    const values = [
      { name: "POSTGRES_DB", value: "shop" },
      { name: "web.env KEY", value: "canary" },
    ];
    const plan = ({ main }: Observations): Plan => wholePlan(own, main);
    await openSessions(
      { main: { observation: observed(), client } },
      { run, values, plain: { POSTGRES_DB: "shop" }, logins: [], plan },
    );
    await client.close();
    const staged = ssh.requests().flatMap((request) => (request.do === "secret" ? [request] : []));
    expect(staged.map(({ name, value }) => [name, Buffer.from(value, "base64").toString("utf8")])).toEqual([
      ["env", 'POSTGRES_DB="shop"\n'],
      [stagedEnvFile("slipway-env/web.env"), 'KEY="canary"\nDB="shop"\n'],
      ["plain", JSON.stringify({ env: ["POSTGRES_DB"], [stagedEnvFile("slipway-env/web.env")]: ["DB"] })],
    ]);
  });

  it("waits for the lease as long as the configuration says", async () => {
    const ssh = new StubSsh();
    const client = await ssh.started();
    const plan = ({ main }: Observations): Plan => wholePlan({ ...deployment, lease: 7 }, main);
    const request = { run, values: [], plain: {}, logins: [], plan };
    await openSessions({ main: { observation: observed(), client } }, request);
    await client.close();
    expect(ssh.requests()[0]).toEqual({ ...lease, seconds: 7 });
  });

  it("may remove only the objects that the plan removes (F99)", async () => {
    const found = carriedOut(aaperture({ migrations: [migration()] }));
    const requests = await sessionOf(found, (seen) => wholePlan(deployment, seen), StubSsh.of(found));
    expect(requests.slice(4)).toEqual([
      expect.objectContaining({ do: "observe" }),
      { do: "allow", objects: ["migration:migrate"] },
      keep,
      // The images document changed, since the migration used one.
      { do: "fetch", images },
      end,
    ]);
  });

  it("is opened for a removal alone, which an earlier run left", async () => {
    const left = carriedOut(aaperture({ migrations: [migration()] })).applied.filter(
      ({ kind }) => kind === "migration",
    );
    const done = carriedOut(deployment);
    const found = { ...done, applied: [...done.applied, ...left] };
    const requests = await sessionOf(found, (seen) => wholePlan(deployment, seen), StubSsh.of(found));
    expect(requests[0]).toEqual(lease);
    expect(requests.slice(5)).toEqual([{ do: "allow", objects: ["migration:migrate"] }, keep, end]);
  });

  it("rejects a plan that is forbidden under the lease, with the plan's own message", async () => {
    const problem = { path: "ports.api", what: "is in use", todo: "choose another" };
    let asked = 0;
    const planOf = (found: Observation | undefined): Plan => {
      if ((asked += 1) > 1) throw configurationError([problem]);
      return wholePlan(deployment, found);
    };
    await expect(sessionOf(observed(), planOf)).rejects.toThrow(configurationError([problem]));
  });

  it("rejects a server that stops answering, and says that the session did not open", async () => {
    const client = await new StubSsh(`say '{"to":"start"}'; exit 1`).started();
    const request = {
      run,
      values: [],
      plain: {},
      logins: [],
      plan: ({ main }: Observations) => wholePlan(deployment, main),
    };
    await expect(openSessions({ main: { observation: observed(), client } }, request)).rejects.toThrow(
      "host: the session did not open: ssh ended without output (exit code 1); fix the cause above, and run again",
    );
  });

  it("closes every connection if the first plan is forbidden, so that no server waits for the run", async () => {
    const [main, other] = [new StubSsh(), new StubSsh()];
    const hosts = {
      main: { observation: observed(), client: await main.started() },
      other: { observation: observed(), client: await other.started() },
    };
    const forbidden = configurationError({ path: "ports.api", what: "is in use", todo: "choose another" });
    const planOf = (): Plan => {
      throw forbidden;
    };
    await expect(openSessions(hosts, { run, values: [], plain: {}, logins: [], plan: planOf })).rejects.toThrow(
      forbidden,
    );
    const refused = { ...end, why: "the run was refused before it changed anything" };
    expect([main.requests(), other.requests()]).toEqual([[refused], [refused]]);
  });
});
