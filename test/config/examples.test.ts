import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readOffline } from "../../config/offline.ts";
import { checkout } from "../../toolchain/paths.ts";
import { lockText, TrialRepository } from "./trial-repository.ts";

const made: TrialRepository[] = [];
afterAll(() => made.forEach((trial) => trial.remove()));

/** Reads a stack of an example, with a lock of made-up digests, and a release in which each image is its service's. */
async function read(example: string, stack: string): ReturnType<typeof readOffline> {
  const trial = new TrialRepository();
  made.push(trial);
  cpSync(join(checkout, "examples", example), trial.folder, { recursive: true });
  trial.write("slipway.lock", lockText("nginx:alpine", "postgres:17-alpine", "redis:alpine", "traefik:v3.6"));
  trial.git("add", "--all");
  return await readOffline({ folder: trial.folder, stack, environment: {} });
}

describe("the systems in examples/", () => {
  it("hold configuration alone, and run this checkout's program", () => {
    const folder = join(checkout, "examples");
    for (const example of readdirSync(folder)) {
      const files = readdirSync(join(folder, example), { recursive: true, encoding: "utf8" });
      expect(files.filter((name) => /\.(ts|js|sh|py)$/.test(name))).toEqual([]);
      expect(readFileSync(join(folder, example, "Pulumi.yaml"), "utf8")).toContain("main: ../../index.ts\n");
    }
  });

  it.each([
    ["platform-v2", "production", ["backend", "frontend"], ["nginx", "postgres", "redis"], "/opt/platform-v2"],
    ["api-gateway", "staging", ["gateway"], ["postgres"], "/srv/api-gateway-staging"],
    ["api-gateway", "production", ["gateway"], ["postgres"], "/srv/api-gateway-production"],
  ])("%s is read without a problem for %s", async (example, stack, released, shared, directory) => {
    const { read: found, problems } = await read(example, stack);
    expect(problems).toEqual([]);
    const services = found?.stack.services ?? [];
    const names = (part: string): string[] =>
      services
        .filter((one) => one.part === part)
        .map(({ name }) => name)
        .sort();
    expect(names("release")).toEqual(released);
    expect(names("shared")).toEqual(shared);
    expect(names("migration")).toEqual(["migrate"]);
    expect(found?.deployment.directory).toBe(directory);
  });

  it("start platform-v2's own nginx after the release that it waits for", async () => {
    const { read: found } = await read("platform-v2", "production");
    expect(found?.stack.services.find(({ name }) => name === "nginx")?.starts).toBe("after");
  });

  it("declare every difference between api-gateway's staging and production (D1)", async () => {
    const [staging, production] = [await read("api-gateway", "staging"), await read("api-gateway", "production")];
    expect(production.read?.deployment.services).toEqual(staging.read?.deployment.services);
    expect(production.read?.deployment.lock).toEqual(staging.read?.deployment.lock);
    expect(production.wanted).toEqual(staging.wanted);
  });
});
