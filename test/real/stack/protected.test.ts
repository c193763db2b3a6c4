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

/** Expects that an action changes nothing on the server and in the state; only the log has what was refused. */
async function changesNothing<T>(act: () => Promise<T>): Promise<T> {
  const before = resources();
  const trace = await ServerTrace.begin(server);
  const result = await act();
  const changes = await trace.changes();
  expect(changes.filter((line) => !line.includes(" /var/lib/slipway/stacks/aaperture@production/log "))).toEqual([]);
  expect(resources()).toEqual(before);
  return result;
}

describe("a protected production (F99)", () => {
  test(
    "rejects a plain `pulumi destroy` at its first verb, with the way out",
    async () => {
      const { exitCode, output } = await changesNothing(() => aaperture.run("destroy", "production", server));
      expect(exitCode).not.toBe(0);
      expect(output).toContain(
        "confirm: aaperture/production is protected: only a run whose plan shows that, or `slipway destroy`, removes " +
          "confirm (document 1.",
      );
      expect(output).toContain("run `slipway destroy`, which asks for its name");
    },
    long,
  );

  test(
    "rejects `slipway destroy` without the stack's name, even with Pulumi's --yes",
    async () => {
      const { code, stderr } = await changesNothing(() =>
        aaperture.slipway(["destroy", "--yes"], "production", server),
      );
      expect(code).toBe(1);
      expect(stderr).toContain(
        "aaperture/production: is protected; run it on a terminal, which asks for the stack's name, " +
          "or add --destroy-protected production",
      );
    },
    long,
  );

  test(
    "loses in an up the objects that its plan removes",
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
    "is removed with its claim by `slipway destroy` with its name, and keeps its volumes",
    async () => {
      const words = ["destroy", "--yes", "--skip-preview", "--destroy-protected", "production"];
      const { code, stdout, stderr } = await aaperture.slipway(words, "production", server);
      expect({ code, said: code === 0 ? "" : stdout + stderr }).toEqual({ code: 0, said: "" });
      expect(resources()).toEqual([]);
      expect(await opened.on("docker ps --all --quiet")).toBe("");
      expect(await opened.on("ls /var/lib/slipway/claims")).toBe("");
      expect(await opened.on("docker volume ls --quiet")).toContain("aaperture_pgdata");
    },
    long,
  );

  test(
    "may be destroyed again, after its server forgot the protection",
    async () => {
      const { code, stderr } = await aaperture.slipway(["destroy", "--yes"], "production", server);
      expect({ code, stderr }).toMatchObject({ code: 0 });
    },
    long,
  );
});
