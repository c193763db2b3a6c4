import { describe, expect, it } from "vitest";
import type { UnhealthyService } from "../../model/facts/health.ts";
import { documentsOf } from "../../model/plan/plan.ts";
import { requireHealth } from "../../remote/health.ts";
import { observed } from "../model/facts/observed.ts";
import { wholePlan } from "../model/plan/applied-plan.ts";
import { aaperture } from "../model/stack/aaperture.ts";
import { mainOf } from "../model/stack/main-host.ts";
import { StubSsh } from "./stub-ssh.ts";

const plan = wholePlan(aaperture(), observed());
const objects = documentsOf(mainOf(plan.hosts)).map(({ object }) => object);
const todo = "its last lines are in this output; fix it, and run again";

/** Asks a server that answers with these ill services, as a run does at its end. */
async function healthOf(
  ill: readonly UnhealthyService[],
  { ssh = new StubSsh(), phases = {}, said = [] }: Partial<{ ssh: StubSsh; phases: object; said: string[] }> = {},
): Promise<StubSsh> {
  ssh.write("health", JSON.stringify({ to: "health", ill, phases }));
  const client = await ssh.started();
  try {
    await requireHealth({ main: { observation: observed(), client } }, plan, (line) => said.push(line));
  } finally {
    await client.close();
  }
  return ssh;
}

describe("the health that a run requires of its servers (SEC-A5, F136)", () => {
  it("is asked of everything that the run declares, and given where nothing is ill", async () => {
    expect((await healthOf([])).requests()).toEqual([{ do: "health", objects }, { do: "end" }]);
  });

  it("tells the phases of a release with their times, as the last line of a run", async () => {
    const said: string[] = [];
    await healthOf([], { phases: { images: 0.4, directory: 0, gate: 1.2, rollout: 9.9 }, said });
    await healthOf([], { phases: { networks: 0.4 }, said });
    expect(said).toEqual(["phases: images 0.4 s, gate 1.2 s"]);
  });

  it("rejects every ill service in one error, by its path, once for several replicas", async () => {
    const api = {
      service: "api",
      project: "aaperture-staging-blue",
      why: "was not healthy within 60 s: it answered 500",
    };
    const proxy = { service: "proxy", project: "aaperture-staging-slipway-proxy", why: "restarts" };
    await expect(healthOf([proxy, api, api])).rejects.toMatchObject({
      name: "UserError",
      message: [
        "everything was applied, but not everything is healthy:",
        `  - host: 'proxy' restarts (aaperture-staging-slipway-proxy on main); ${todo}`,
        `  - services.api: was not healthy within 60 s: it answered 500 (aaperture-staging-blue on main); ${todo}`,
      ].join("\n"),
    });
  });

  it("rejects a server that does not tell", async () => {
    const ssh = new StubSsh(`say '{"to":"start"}'; read -r line; say '{"to":"error","message":"health: no engine"}'`);
    await expect(healthOf([], { ssh })).rejects.toThrow(
      "host: the health of what was applied is not known: health: no engine; fix the cause above, and run again",
    );
    const hosts = { main: { observation: observed(), client: undefined } };
    await expect(requireHealth(hosts, plan, () => undefined)).rejects.toThrow(
      "host: the health of what was applied is not known: there is no connection to it",
    );
  });
});
