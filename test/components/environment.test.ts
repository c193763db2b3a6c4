import { beforeAll, describe, expect, it } from "vitest";
import { Environment } from "../../components/environment.ts";
import { planDeployment } from "../../model/plan.ts";
import { readPublished } from "../../model/published.ts";
import { aaperture, migration } from "../model/aaperture.ts";
import { observed } from "../model/observed.ts";
import { record, type Recorded } from "./recorded.ts";

const plan = planDeployment(aaperture({ migration: migration() }), {
  observation: observed(),
  published: readPublished({}),
  newAttempt: () => "a1",
});
let recorded: Recorded[] = [];

beforeAll(async () => {
  recorded = await record(() => new Environment("staging", { plan }));
});

function names(type: string): string[] {
  return recorded.filter((one) => one.type === type).map(({ name }) => name);
}

describe("the environment of a stack", () => {
  it("has one command for each document, named after what it makes", () => {
    expect(names("command:remote:Command").sort()).toEqual([
      "staging-directory-directory",
      "staging-files-files",
      "staging-host-claim",
      "staging-images-images",
      "staging-metrics-guard",
      "staging-networks-networks",
      "staging-pgdata-guard",
      "staging-proxy-compose",
      "staging-release-migration",
      "staging-release-rollout",
      "staging-secrets-secrets",
      "staging-shared-compose",
    ]);
  });

  it("has a volume in the state for each volume of the application", () => {
    expect(names("docker:index/volume:Volume").sort()).toEqual(["staging-metrics-volume", "staging-pgdata-volume"]);
  });

  it("begins the name of every child with its own (style 10)", () => {
    const children = recorded.filter(({ type }) => !/^(pulumi:pulumi:Stack|slipway:index:Environment)$/.test(type));
    expect(children.filter(({ name }) => !name.startsWith("staging-"))).toEqual([]);
  });

  it("sends each document over a pinned connection to one constant command line", () => {
    const claim = recorded.find(({ name }) => name === "staging-host-claim");
    expect(claim?.inputs).toEqual({
      addPreviousOutputInEnv: false,
      connection: {
        ...{ host: "server.test", port: 22, user: "deploy", hostKey: "ssh-ed25519 AAAA" },
        ...{ dialErrorLimit: 3, perDialTimeout: 10 },
      },
      create: "sudo -n /usr/local/sbin/slipway-root aaperture/staging claim apply",
      delete: "sudo -n /usr/local/sbin/slipway-root aaperture/staging claim delete",
      stdin: plan.claim.text,
    });
  });
});
