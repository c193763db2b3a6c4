import * as pulumi from "@pulumi/pulumi";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadDeployment } from "../../config/load.ts";
import { hostKey, rightStack } from "./trial-repository.ts";

let root: string;

function configure(changes: object): void {
  const entries = Object.entries({ ...rightStack, services: {}, ports: {}, ...changes });
  const texts = entries.map(([key, value]): [string, string] => [
    `aaperture:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig({ "other:directory": "/", ...Object.fromEntries(texts) });
}

describe("the loader", () => {
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "slipway-load-"));
    writeFileSync(join(root, "compose.yaml"), `services: { web: { image: "web@sha256:${"0".repeat(64)}" } }\n`);
    await pulumi.runtime.setMocks(
      { newResource: ({ inputs }) => ({ id: "", state: inputs as object }), call: () => ({}) },
      "aaperture",
      "staging",
    );
    vi.spyOn(pulumi, "getRootDirectory").mockReturnValue(root);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(root, { recursive: true });
  });

  it("reads the stack that Pulumi runs, with the address from SERVER_HOST (A7)", async () => {
    configure({ host: { ...rightStack.host, address: "${SERVER_HOST}" } });
    const { deployment } = await loadDeployment({ environment: { SERVER_HOST: "192.0.2.77" } });
    expect(deployment.stack).toBe("aaperture/staging");
    expect(deployment.environment).toBe("staging");
    expect(deployment.hosts["main"]?.connection.host).toBe("192.0.2.77");
    expect(deployment.directory).toBe("/opt/trial");
  });

  it("tells the servers before it reads any other file", async () => {
    configure({ compose: "missing.yaml" });
    const found = vi.fn();
    await expect(loadDeployment({ environment: {}, found })).rejects.toThrow("missing.yaml");
    expect(found).toHaveBeenCalledWith([expect.objectContaining({ host: "192.0.2.10", hostKey })]);
  });

  it("rejects a misspelt key, and tells no server then", async () => {
    configure({ prots: {} });
    const found = vi.fn();
    await expect(loadDeployment({ environment: {}, found })).rejects.toThrow(
      "  - prots: is not a key that slipway knows",
    );
    expect(found).not.toHaveBeenCalled();
  });
});
