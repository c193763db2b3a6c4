import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DockerStack } from "./docker-stack.ts";
import { isOffline } from "../plugins.ts";
import type { ProviderSpec } from "../programs/docker/spec.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { sharedServer } from "../shared-server.ts";
import { Workspace } from "../workspace.ts";

// Providers other than the usual one over ssh.
const stack = new DockerStack(sharedServer());
const offline = isOffline("pulumi-resource-docker");
const socket = "unix:///var/run/docker.sock";

afterAll(() => stack.remove());

function program(provider: ProviderSpec, short: string) {
  return { providers: { host: provider }, volumes: { [short]: stack.volume(short) } };
}

const preview = (provider: ProviderSpec, more = {}) => stack.run("preview", { ...program(provider, "any"), ...more });

test("a provider stores its sshOpts in the state as a JSON string (observed elsewhere)", async () => {
  const { state, result } = await stack.run("up", program(stack.provider(), "any"));
  expect(result.exitCode, result.output).toBe(0);
  expect(state.resource("host").inputs["sshOpts"]).toBe(JSON.stringify(stack.provider().sshOpts));
});

test("rejects a socket without a listener, also in a preview (observed elsewhere)", async () => {
  const { result } = await preview({ host: "unix:///nonexistent/docker.sock" });
  expect(result.exitCode).toBe(1);
  expect(result.output).toContain("failed to connect to any docker daemon");
});

test.runIf(offline)("rejects by name features that slipway does not use: other kinds of hosts, networks", async () => {
  const { result } = await preview({ host: "tcp://127.0.0.1:2375" });
  expect(result.exitCode).toBe(1);
  expect(result.output).toContain('the offline plugin supports only ssh:// and unix://, got "tcp://127.0.0.1:2375"');
  const network = await preview(stack.provider(), { network: true });
  expect(network.result.exitCode).toBe(1);
  expect(network.result.output).toContain("docker:index/network:Network");
});

describe("a provider for the local engine whose host is the output of a command", () => {
  const name = `conformance-${randomBytes(4).toString("hex")}`;
  const workspace = new Workspace("docker/volumes");
  const given = {
    providers: { host: { host: socket, printedByCommand: true } },
    volumes: { local: { provider: "host", inputs: { name } } },
  };
  let first: PulumiResult, up: PulumiResult;

  beforeAll(async () => {
    first = await workspace.preview(given);
    up = await workspace.up(given);
  });

  afterAll(async () => {
    await workspace.destroy();
    workspace.remove();
  });

  test("allows a preview in which the host is unknown", () => {
    expect(first.exitCode, first.output).toBe(0);
    expect(first.events.steps("local")).toEqual(["create"]);
  });

  test("creates the volume on that engine (observed elsewhere)", () => {
    expect(up.exitCode, up.output).toBe(0);
    expect(execFileSync("docker", ["volume", "ls", "-q", "-f", `name=${name}`], { encoding: "utf8" }).trim()).toBe(
      name,
    );
  });
});
