import { describe, expect, it } from "vitest";
import type { EnvFile } from "../../../../model/compose/application.ts";
import type { EnvFileSettings } from "../../../../model/stack/deployment.ts";
import {
  environmentOf,
  stagedEnvFile,
  variableOfFile,
  type ServiceEnvironment,
} from "../../../../model/stack/env/env-files.ts";
import { service, stackFile } from "../aaperture.ts";

const variables = { A: "f1", B: "f2", C: "f3", [variableOfFile("web.env", "A")]: "f4" };
const webFile: EnvFile = { ...stackFile, path: "web.env" };
const content = Buffer.from("A=1\nX=2\n");
const common: EnvFile = { from: "repository", path: "../etc/100%.env", content, values: { A: "1", X: "2" } };

function environment(
  name: string,
  envFiles: readonly EnvFile[],
  settings: Partial<EnvFileSettings> = {},
): ServiceEnvironment {
  return environmentOf(service(name, { envFiles }), { variables, envFiles: { contents: {}, only: {}, ...settings } });
}

const entries = ({ envFiles }: ServiceEnvironment): unknown =>
  envFiles.map((file) => [file.path, file.from === "stack" ? Object.keys(file.entries) : []]);

describe("the env files of a service on a server", () => {
  it("is the stack's own where it has all variables of the stack", () => {
    const web = environment("web", [stackFile]);
    expect(entries(web)).toEqual([[".env", ["A", "B", "C"]]]);
    expect(web.variables).toEqual(["A", "B", "C"]);
  });

  it("have exactly what the configuration names, and the others have the rest", () => {
    const contents = { "web.env": { A: variableOfFile("web.env", "A"), KEY: "C" } };
    const web = environment("web", [webFile], { contents });
    expect(entries(web)).toEqual([["slipway-env/web.env", ["A", "KEY"]]]);
    expect(web.variables).toEqual(["web.env A", "C"]);
    expect(entries(environment("api", [stackFile], { contents }))).toEqual([["slipway-env/.env", ["A", "B"]]]);
  });

  it("have a variable that only some services may get in a file of these alone (6)", () => {
    const only = { B: ["migrate"] };
    expect(entries(environment("api", [stackFile], { only }))).toEqual([["slipway-env/.env", ["A", "C"]]]);
    const migrate = environment("migrate", [stackFile], { only });
    expect(entries(migrate)).toEqual([
      ["slipway-env/.env", ["A", "C"]],
      ["slipway-env/.env%migrate", ["B"]],
    ]);
    expect(migrate.variables).toEqual(["A", "C", "B"]);
  });

  it("stay in their folder, whatever they are called", () => {
    expect(entries(environment("web", [common]))).toEqual([["slipway-env/%2E%2E/etc/100%25.env", []]]);
    expect(
      entries(environment("web", [{ ...webFile, path: "/etc/web.env" }], { contents: { "/etc/web.env": {} } })),
    ).toEqual([["slipway-env/%2F/etc/web.env", []]]);
  });

  it("come in order: of a name in several files only the last one counts, and the service's own before all", () => {
    const sum = /^[0-9a-f]{16}$/;
    const { variables: used, defaults } = environment("web", [stackFile, common]);
    expect(used).toEqual(["B", "C"]);
    expect(defaults).toEqual({ A: expect.stringMatching(sum) as string, X: expect.stringMatching(sum) as string });
    expect(Object.keys(environment("web", [common, stackFile]).defaults)).toEqual(["X"]);
    const own = service("web", { envFiles: [common], fields: { environment: { X: "3" } } });
    const settings = { contents: {}, only: {} };
    expect(Object.keys(environmentOf(own, { variables, envFiles: settings }).defaults)).toEqual(["A"]);
  });

  it("are brought by the session under names that are no paths", () => {
    expect(stagedEnvFile(".env")).toBe("env");
    expect(stagedEnvFile("slipway-env/web.env")).toMatch(/^env\.[0-9a-f]{16}$/);
  });
});
