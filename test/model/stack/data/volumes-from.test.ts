import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import type { Mount } from "../../../../model/compose/application.ts";
import type { ServiceSettings } from "../../../../model/stack/deployment.ts";
import { describeProblem } from "../../../../model/problem.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { ensureVolumesAreOfOnePart } from "../../../../model/stack/data/volumes-from.ts";
import { releaseOf, sharedOf } from "../../render/rendering.ts";
import { deployment, service } from "../aaperture.ts";

const mounts: Mount[] = [
  { type: "volume", source: "keys", target: "/keys", readOnly: false },
  { type: "volume", source: undefined, target: "/cache", readOnly: false },
  { type: "file", source: "agent.hcl", target: "/agent.hcl", readOnly: true, files: [] },
  { type: "tmpfs", target: "/tmp" },
];
const agent = service("agent", { mounts });
const reader = service("reader", { volumesFrom: [{ service: "agent", readOnly: true }] });

describe("a service with the volumes of another one", () => {
  it("has them by Compose, restarts with their files, and waits for the guard of their data", () => {
    const { compose, services } = sharedOf(deployment([agent, reader]));
    expect(parse(compose)).toHaveProperty(["services", "reader", "volumes_from"], ["agent:ro"]);
    expect(services["reader"]).toMatchObject({
      mounts: { "/agent.hcl": "agent.hcl" },
      volumes: { shop_keys: "files" },
    });
  });

  it("has those that the other one has by a third one, which it only reads", () => {
    const secret = { type: "secret", name: "key", variable: "KEY", uid: "0", target: "/run/secrets/key" } as const;
    const lender = service("agent", { mounts: [...mounts, secret] });
    const writer = service("writer", { volumesFrom: [{ service: "reader", readOnly: false }] });
    const asked = deployment([lender, reader, writer]);
    expect(sharedOf(asked).services["writer"]).toMatchObject({
      mounts: { "/agent.hcl": "agent.hcl" },
      secrets: { "/run/secrets/key": "KEY" },
      volumes: { shop_keys: "files" },
    });
    const [borrowed] = stackOf(asked).services.find(({ name }) => name === "writer")?.borrowed ?? [];
    expect(borrowed).toEqual({ type: "volume", source: "keys", target: "/keys", readOnly: true });
  });

  it("in a circle has those of the other one, and the circle is told elsewhere", () => {
    const circle = ["a", "b"].map((name, index) => {
      return service(name, { mounts, volumesFrom: [{ service: index === 0 ? "b" : "a", readOnly: false }] });
    });
    expect(stackOf(deployment(circle)).services.map(({ borrowed }) => borrowed)).toEqual([mounts, mounts]);
  });

  it("of a release has them of the same colour", () => {
    const release = { agent: { release: true }, reader: { release: true } };
    expect(parse(releaseOf(deployment([agent, reader], release)).compose)).toHaveProperty(
      ["services", "reader-<colour>", "volumes_from"],
      ["agent-<colour>:ro"],
    );
  });

  it("is rejected where it starts after the release, and the other one before it", () => {
    const started = { condition: "service_started", required: true } as const;
    const later = service("reader", { ...reader, dependsOn: { agent: started, web: started } });
    const stack = stackOf(deployment([agent, service("web"), later], { web: { release: true } }));
    expect(ensureVolumesAreOfOnePart(stack).map(({ path }) => path)).toEqual(["compose.services.reader.volumes_from"]);
  });

  it("is rejected across parts, with all entries that have the same effect", () => {
    const problems = (release: Record<string, Partial<ServiceSettings>>): string[] =>
      ensureVolumesAreOfOnePart(stackOf(deployment([agent, reader], release))).map(describeProblem);
    expect(problems({})).toEqual([]);
    expect(problems({ reader: { release: true } })).toEqual([
      "compose.services.reader.volumes_from: names a service that is not in the same part of the stack, got 'agent'; " +
        "write `volumes: [keys:/keys:ro, ./agent.hcl:/agent.hcl:ro]` instead; if they share the volumes that the " +
        "image of 'agent' declares, and /cache, give those a name in both services",
    ]);
    const writer = service("writer", { volumesFrom: [{ service: "agent", readOnly: false }] });
    const stack = stackOf(deployment([agent, writer], { writer: { release: true } }));
    expect(ensureVolumesAreOfOnePart(stack)[0]?.todo).toMatch(
      /^write `volumes: \[keys:\/keys, \.\/agent\.hcl:\/agent\.hcl:ro\]` instead; /,
    );
  });
});
