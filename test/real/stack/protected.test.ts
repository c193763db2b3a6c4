import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestServer } from "../../hosts/servers.ts";
import { ServerTrace } from "../session/server-trace.ts";
import type { Aaperture } from "./aaperture.ts";
import { AapertureServer } from "./aaperture-server.ts";

const long = 600_000;
let opened: AapertureServer;
let server: TestServer;
let aaperture: Aaperture;

beforeAll(async () => {
  opened = await AapertureServer.open(["production"]);
  ({ server, aaperture } = opened);
  await aaperture.pulumi(["config", "set", "protected", "true"], "production");
  await aaperture.succeed("up", "production", server);
}, long);

afterAll(() => opened.close());

const file = (name: string): string => join(aaperture.folder, name);
const read = (name: string): string => readFileSync(file(name), "utf8");

/** Names of the resources in the state. */
const resources = (): string[] => aaperture.state("production").resources.map(({ urn }) => urn);

/** Nothing on the server and nothing in the state differs after the act. */
async function changesNothing<T>(act: () => Promise<T>): Promise<T> {
  const before = resources();
  const trace = await ServerTrace.begin(server);
  const result = await act();
  expect(await trace.changes()).toEqual([]);
  expect(resources()).toEqual(before);
  return result;
}

describe("a protected production (F99)", () => {
  test(
    "stops a plain `pulumi destroy` at its first verb, and names the way",
    async () => {
      const { exitCode, output } = await changesNothing(() => aaperture.run("destroy", "production", server));
      expect(exitCode).not.toBe(0);
      expect(output).toContain(
        "rollout: aaperture/production is protected, and no open session may remove rollout (document 1.",
      );
      expect(output).toContain("run `slipway destroy`, which asks for the stack's name");
    },
    long,
  );

  test(
    "stops `slipway destroy` until it is given the stack's name, which Pulumi's --yes is not",
    async () => {
      const { code, stderr } = await changesNothing(() =>
        aaperture.slipway(["destroy", "--yes"], "production", server),
      );
      expect(code).toBe(1);
      expect(stderr).toContain(
        "aaperture/production: is protected; run it on a terminal, which asks for the stack's name, or add --destroy-protected production",
      );
    },
    long,
  );

  test(
    "loses in an up what its plan showed as removed",
    async () => {
      expect(resources().join()).toContain("production-main-release-migration");
      const project = read("Pulumi.yaml");
      writeFileSync(file("Pulumi.yaml"), project.replace(/^ {2}migration:\n( {4}.*\n)*/m, ""));
      const { output } = await aaperture.succeed("up", "production", server);
      writeFileSync(file("Pulumi.yaml"), project);
      expect(output).toContain("nothing is undone in the database");
      expect(resources().join()).not.toContain("production-main-release-migration");
    },
    long,
  );

  test(
    "is removed by `slipway destroy` with its name, claim and all, and keeps its volumes",
    async () => {
      const words = ["destroy", "--yes", "--skip-preview", "--destroy-protected", "production"];
      const { code, stdout, stderr } = await aaperture.slipway(words, "production", server);
      expect({ code, said: code === 0 ? "" : stdout + stderr }).toEqual({ code: 0, said: "" });
      expect(resources()).toEqual([]);
      expect(await opened.on("docker ps --all --quiet")).toBe("");
      expect(await opened.on("ls /var/lib/slipway/claims-1")).toBe("");
      expect(await opened.on("docker volume ls --quiet")).toContain("aaperture_pgdata");
    },
    long,
  );

  test(
    "may be destroyed again, although its server no longer knows that it was protected",
    async () => {
      const { code, stderr } = await aaperture.slipway(["destroy", "--yes"], "production", server);
      expect({ code, stderr }).toMatchObject({ code: 0 });
    },
    long,
  );
});
