import { describe, expect, it } from "vitest";
import { problemsOf } from "../../config/problems.ts";
import { environmentSchema } from "../../config/schema.ts";
import { describeProblem } from "../../model/problem.ts";

const hostKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"x".repeat(43)}`;
const host = { address: "192.0.2.10", user: "deploy", hostKey };
const stack = { host, directory: "/opt/app", project: "app", fingerprintKey: "k".repeat(44) };

function messages(change: object): string[] {
  const input = { ...stack, ...change };
  const parsed = environmentSchema.safeParse(input);
  return parsed.success ? [] : problemsOf(parsed.error, input, environmentSchema).map(describeProblem);
}

describe("the keys of a release", () => {
  it("takes a health check as a path, or with status and headers", () => {
    const health = { path: "/ready", status: 204, headers: { "X-Probe": "yes" } };
    const { services } = environmentSchema.parse({
      ...stack,
      services: { api: { health: "/health" }, web: { health } },
    });
    expect(services["api"]?.health).toEqual({ path: "/health" });
    expect(services["web"]?.health).toEqual(health);
    expect(messages({ services: { api: { health: { path: "ready", status: 42, paths: "/" } } } })).toEqual([
      expect.stringMatching(/^services\.api\.health\.path: is not a path, got 'ready'; /) as string,
      "services.api.health.status: is not a status, got 42; use 100 to 599",
      expect.stringMatching(/^services\.api\.health\.paths: is not a key that slipway knows/) as string,
    ]);
    expect(messages({ services: { api: { health: {} } } })).toEqual([
      "services.api.health.path: is missing; set it with `pulumi config set --path services.api.health.path …`",
    ]);
  });

  it("takes the times of a gate also in milliseconds", () => {
    const { gate } = environmentSchema.parse({ ...stack, gate: { interval: "50 milliseconds", window: "1 minute" } });
    expect(gate).toEqual({ answers: 10, window: 60, interval: 0.05 });
    expect(messages({ gate: { interval: "0.2 s" } })).toEqual([
      "gate.interval: is not a duration, got '0.2 s'; " +
        "write a number and milliseconds, seconds or minutes, such as '200 milliseconds'",
    ]);
  });
});
