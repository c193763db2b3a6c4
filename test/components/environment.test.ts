import { beforeAll, describe, expect, it } from "vitest";
import type { Deployment } from "../../model/stack/deployment.ts";
import { Environment } from "../../components/environment.ts";
import { aaperture, deployment, digest, migration, service } from "../model/stack/aaperture.ts";
import { observed } from "../model/facts/observed.ts";
import { wholePlan } from "../model/plan/applied-plan.ts";
import { record, type Recorded } from "./recorded.ts";

const plan = wholePlan(aaperture({ migrations: [migration()] }), observed());
let recorded: Recorded[] = [];

beforeAll(async () => {
  recorded = await record(() => new Environment("staging", { plan }));
});

function names(type: string): string[] {
  return recorded.filter((one) => one.type === type).map(({ name }) => name);
}

describe("the environment of a stack", () => {
  it("has one command for each document, named after it", () => {
    expect(names("command:remote:Command").sort()).toEqual([
      "staging-main-claim",
      "staging-main-directory",
      "staging-main-files",
      "staging-main-images",
      "staging-main-networks",
      "staging-main-proxy",
      "staging-main-release-confirm",
      "staging-main-release-migration-migrate",
      "staging-main-release-rollout",
      "staging-main-secrets",
      "staging-main-shared",
      "staging-main-volume-metrics-guard",
      "staging-main-volume-pgdata-guard",
    ]);
  });

  it("has one volume for each volume of the application", () => {
    expect(names("docker:index/volume:Volume").sort()).toEqual([
      "staging-main-volume-metrics-volume",
      "staging-main-volume-pgdata-volume",
    ]);
  });

  it("begins the name of every resource with that of its parent, and all but its own with the server's", () => {
    const children = recorded.filter(({ options }) => options.parent?.startsWith("slipway:index:"));
    expect(children.length).toBe(27);
    const wrong = children.filter(({ name, options: { parent = "" } }) => {
      const [type = "", above = ""] = parent.split(" ");
      if (type === Environment.type) return !name.startsWith(`${above}-main-`);
      return name !== above && !name.startsWith(`${above}-`);
    });
    expect(wrong).toEqual([]);
  });

  it("names an only child after its component, and several children one by one", () => {
    const parents = recorded.filter(({ type }) => type.startsWith("slipway:index:") && type !== Environment.type);
    const wrong = parents.filter(({ type, name }) => {
      const children = recorded.filter(({ options }) => options.parent === `${type} ${name}`);
      return children.length === 1 ? children[0]?.name !== name : children.some((child) => child.name === name);
    });
    expect(wrong).toEqual([]);
  });

  it("gives no name twice, whatever the compose file calls its volumes", async () => {
    const volumes = ["images", "release", "engine", "volume", "data", "data-guard", "data-volume", "volume-data"];
    const mounts = volumes.map(
      (source) => ({ type: "volume", source, target: `/${source}`, readOnly: false }) as const,
    );
    const shop = deployment([service("shop", { image: digest("shop", "1"), mounts })]);
    const all = await record(() => new Environment("staging", { plan: wholePlan(shop, observed()) }));
    const components = all.filter(({ type }) => type.startsWith("slipway:index:")).map(({ name }) => name);
    expect(components).toHaveLength(volumes.length + 7);
    expect(new Set(components).size).toBe(components.length);
    expect(new Set(all.map(({ type, name }) => `${type} ${name}`)).size).toBe(all.length);
  });

  it("makes each resource below its component and after its dependencies", () => {
    const before = (nouns: readonly string[]) => nouns.map((noun) => `staging-main-${noun}`);
    const beforeProxy = before(["images", "networks"]);
    const beforeRelease = before(["proxy", "shared", "volume-metrics", "volume-pgdata"]);
    const beforeShared = before(["files", "images", "networks", "proxy", "secrets", "volume-metrics", "volume-pgdata"]);
    expect(tree(recorded)).toEqual([
      "slipway:index:Environment staging",
      "  slipway:index:Claim staging-main-claim",
      "    command:remote:Command staging-main-claim",
      "  slipway:index:Images staging-main-images after staging-main-claim",
      "    command:remote:Command staging-main-images",
      "  slipway:index:Directory staging-main-directory after staging-main-claim",
      "    command:remote:Command staging-main-directory",
      "  slipway:index:Files staging-main-files after staging-main-directory",
      "    command:remote:Command staging-main-files",
      "  slipway:index:Secrets staging-main-secrets after staging-main-directory",
      "    command:remote:Command staging-main-secrets",
      "  slipway:index:Networks staging-main-networks after staging-main-directory",
      "    command:remote:Command staging-main-networks",
      "  pulumi:providers:docker staging-main-engine",
      "  slipway:index:Volume staging-main-volume-metrics after staging-main-claim",
      "    command:remote:Command staging-main-volume-metrics-guard",
      "    docker:index/volume:Volume staging-main-volume-metrics-volume after staging-main-volume-metrics-guard",
      "  slipway:index:Volume staging-main-volume-pgdata after staging-main-claim",
      "    command:remote:Command staging-main-volume-pgdata-guard",
      "    docker:index/volume:Volume staging-main-volume-pgdata-volume after staging-main-volume-pgdata-guard",
      `  slipway:index:Proxy staging-main-proxy after ${beforeProxy.join(", ")}`,
      "    command:remote:Command staging-main-proxy",
      `  slipway:index:Shared staging-main-shared after ${beforeShared.join(", ")}`,
      "    command:remote:Command staging-main-shared",
      `  slipway:index:Release staging-main-release after ${beforeRelease.join(", ")}`,
      "    command:remote:Command staging-main-release-migration-migrate",
      "    command:remote:Command staging-main-release-rollout after staging-main-release-migration-migrate",
      "    command:remote:Command staging-main-release-confirm after staging-main-release-rollout",
    ]);
  });

  it("keeps data volumes that leave the program, and uses the engine of the server (F45, F98)", () => {
    const volumes = recorded.filter(({ type }) => type === "docker:index/volume:Volume");
    expect(volumes.map(({ options: { provider, retainOnDelete } }) => ({ provider, retainOnDelete }))).toEqual([
      { provider: "pulumi:providers:docker staging-main-engine", retainOnDelete: true },
      { provider: "pulumi:providers:docker staging-main-engine", retainOnDelete: true },
    ]);
  });

  it("guards a data folder after the stack's directory, and names it to no engine", async () => {
    const folder = {
      type: "folder",
      source: "data/db",
      path: "/srv/shop/data/db",
      target: "/db",
      readOnly: false,
    } as const;
    const shop = deployment([service("shop", { image: digest("shop", "1"), mounts: [folder] })]);
    const all = await record(() => new Environment("staging", { plan: wholePlan(shop, observed()) }));
    expect(all.filter(({ type }) => type.startsWith("docker:") || type.includes("providers:docker"))).toEqual([]);
    const guards = all.filter(({ name }) => name === "staging-main-folder-data/db");
    expect(guards.map(({ type }) => type).sort()).toEqual(["command:remote:Command", "slipway:index:Volume"]);
  });

  it("starts no docker provider for a stack without volumes", async () => {
    const shop = deployment([service("shop", { image: digest("shop", "1") })]);
    const all = await record(() => new Environment("staging", { plan: wholePlan(shop, observed()) }));
    expect(all.map(({ type }) => type).filter((type) => type.includes("docker"))).toEqual([]);
  });

  it("has no component for a part that the stack lacks (F141)", async () => {
    const kinds = async (deployment: Deployment) => {
      const all = await record(() => new Environment("staging", { plan: wholePlan(deployment, observed()) }));
      return all.flatMap(({ type }) => /^slipway:index:(.*)/.exec(type)?.[1] ?? []).sort();
    };
    const image = digest("shop", "1");
    const settings = { shop: { release: true } };
    const release = { version: "1", images: { shop: image }, proxy: image };
    const both = ["Claim", "Directory", "Environment", "Images", "Networks"];
    expect(await kinds(deployment([service("shop", { image })]))).toEqual([...both, "Secrets", "Shared"].sort());
    expect(await kinds(deployment([service("shop")], settings, { release }))).toEqual(
      [...both, "Proxy", "Release"].sort(),
    );
  });

  it("stops what runs by hand when all else is ready, and before anything takes its place (X1)", async () => {
    const found = { name: "old-web-1", service: "web", image: "web", running: true, ports: [], mounts: [] };
    const handMade = [{ project: "old", folder: "", containers: [found], networks: [] }];
    const wanted = aaperture({ adopt: { project: "old", done: false, data: {} } });
    const all = await record(() => new Environment("staging", { plan: wholePlan(wanted, observed({ handMade })) }));
    const after = (noun: string): readonly string[] =>
      all.find(({ name, type }) => name === `staging-main-${noun}` && type.startsWith("slipway"))?.options.dependsOn ??
      [];
    const names = after("adoption").map((one) => one.replace(/^.* staging-main-/, ""));
    expect(names.sort()).toEqual(["directory", "files", "images", "secrets"]);
    const adoption = "slipway:index:Adoption staging-main-adoption";
    expect(after("networks")).toContain(adoption);
    expect(after("volume-pgdata")).toContain(adoption);
  });

  it("sets no `protect`, since the engine would refuse a deletion only after the new release is live", () => {
    expect(recorded.filter(({ options }) => options.protect)).toEqual([]);
  });
});

/** One line for each resource: type and name, indented below its parent, and dependencies. */
function tree(all: readonly Recorded[], parent?: string, depth = 0): string[] {
  return all
    .filter(({ options }) => options.parent === parent)
    .flatMap(({ type, name, options: { dependsOn } }) => {
      const own = `${type} ${name}`;
      const waits = dependsOn
        .map((one) => one.replace(/^.* /, ""))
        .sort()
        .join(", ");
      const line = `${"  ".repeat(depth)}${own}${waits === "" ? "" : ` after ${waits}`}`;
      return [line, ...tree(all, own, depth + 1)];
    });
}
