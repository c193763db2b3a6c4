import { beforeAll, describe, expect, it } from "vitest";
import { Environment } from "../../components/environment.ts";
import { planDeployment } from "../../model/plan/plan.ts";
import { readPublished } from "../../model/facts/published.ts";
import { aaperture, migration } from "../model/stack/aaperture.ts";
import { observed } from "../model/facts/observed.ts";
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

  it("makes each resource below its component, after what it needs", () => {
    expect(tree(recorded)).toEqual([
      "slipway:index:Environment staging",
      "  slipway:index:Host staging-host",
      "    command:remote:Command staging-host-claim",
      "  slipway:index:Images staging-images after staging-host",
      "    command:remote:Command staging-images-images",
      "  slipway:index:ServerDirectory staging-directory after staging-host",
      "    command:remote:Command staging-directory-directory",
      "  slipway:index:ConfigFiles staging-files after staging-directory",
      "    command:remote:Command staging-files-files",
      "  slipway:index:SecretFiles staging-secrets after staging-directory",
      "    command:remote:Command staging-secrets-secrets",
      "  slipway:index:Networks staging-networks after staging-directory",
      "    command:remote:Command staging-networks-networks",
      "  pulumi:providers:docker staging-engine",
      "  slipway:index:DataVolume staging-metrics after staging-host",
      "    command:remote:Command staging-metrics-guard",
      "    docker:index/volume:Volume staging-metrics-volume after staging-metrics-guard",
      "  slipway:index:DataVolume staging-pgdata after staging-host",
      "    command:remote:Command staging-pgdata-guard",
      "    docker:index/volume:Volume staging-pgdata-volume after staging-pgdata-guard",
      "  slipway:index:ComposeProject staging-shared after staging-files, staging-metrics, staging-pgdata, staging-images, staging-networks, staging-secrets",
      "    command:remote:Command staging-shared-compose",
      "  slipway:index:Proxy staging-proxy after staging-files, staging-images, staging-networks, staging-secrets",
      "    command:remote:Command staging-proxy-compose",
      "  slipway:index:Release staging-release after staging-shared, staging-proxy",
      "    command:remote:Command staging-release-migration",
      "    command:remote:Command staging-release-rollout after staging-release-migration",
    ]);
  });

  it("keeps data volumes when they leave the program, and makes them by the engine of the server (F45)", () => {
    const volumes = recorded.filter(({ type }) => type === "docker:index/volume:Volume");
    expect(volumes.map(({ options: { provider, retainOnDelete } }) => ({ provider, retainOnDelete }))).toEqual([
      { provider: "pulumi:providers:docker staging-engine", retainOnDelete: true },
      { provider: "pulumi:providers:docker staging-engine", retainOnDelete: true },
    ]);
  });

  it("protects nothing, since the engine would refuse such a deletion only after the new release is live", () => {
    expect(recorded.filter(({ options }) => options.protect)).toEqual([]);
  });
});

/** Each resource in a line: its type and name, indented below its parent, and what it waits for. */
function tree(all: readonly Recorded[], parent?: string, depth = 0): string[] {
  return all
    .filter(({ options }) => options.parent === parent)
    .flatMap(({ type, name, options: { dependsOn } }) => {
      const own = `${type} ${name}`;
      const waits = dependsOn.map((one) => one.replace(/^.* /, "")).join(", ");
      const line = `${"  ".repeat(depth)}${own}${waits === "" ? "" : ` after ${waits}`}`;
      return [line, ...tree(all, own, depth + 1)];
    });
}
