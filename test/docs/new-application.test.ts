import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { plan } from "../../cli/commands/plan.ts";
import { assembleDeployment } from "../../config/assemble.ts";
import { readOffline } from "../../config/offline.ts";
import { ensureOneHost } from "../../config/hosts.ts";
import { readRelease } from "../../config/release.ts";
import { environmentSchema } from "../../config/schema.ts";
import { readProjectFiles, readStackFiles } from "../../config/stack-files.ts";
import { expandVariables } from "../../config/variables/expand.ts";
import { stackProblems } from "../../model/plan/rules.ts";
import { stackOf } from "../../model/stack/derive.ts";
import { checkout } from "../../toolchain/paths.ts";
import { loadAaperture } from "../config/aaperture-stack.ts";
import { hostKey } from "../config/trial-repository.ts";

const page = readFileSync(join(checkout, "docs/operating.md"), "utf8");
const section = /\n## A new application\n(.*?)\n## /s.exec(page)?.[1] ?? "";

/** The files of the section: each is a block whose first line names it, except the release document, which is JSON. */
const files = Object.fromEntries(
  [...section.matchAll(/^```(yaml|sql|json)\n(.*?)^```$/gms)].map(([, language = "", text = ""]) => [
    language === "json" ? "release.json" : (/^(?:#|--) (\S+)\n/.exec(text)?.[1] ?? "a block without a name"),
    text,
  ]),
);
const [, shown = ""] = /^```\n\$ slipway plan --offline --stack staging\n(.*?)^```$/ms.exec(section) ?? [];

/** The lines that the section's two commands add to the stack's file. */
const added = [
  '  notes:fingerprintKey: { secure: "v1:…" }\n',
  '  notes:secrets: { POSTGRES_PASSWORD: { secure: "v1:…" } }\n',
].join("");

describe("the new application of docs/operating.md", () => {
  let folder: string;
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-new-application-"));
    for (const [path, text] of Object.entries(files)) write(path, text);
    execFileSync("git", ["init", "--quiet", folder]);
    execFileSync("git", ["-C", folder, "add", "--all"]);
    write("Pulumi.staging.yaml", `${files["Pulumi.staging.yaml"] ?? ""}${added}`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("has the files that the text names", () => {
    const names = [
      "Pulumi.yaml",
      "Pulumi.staging.yaml",
      "compose.yaml",
      "postgres/notes.sql",
      "slipway.lock",
      "release.json",
    ];
    expect(Object.keys(files)).toEqual(names);
  });

  it("runs the program of a submodule in the folder slipway", () => {
    const project = z.strictObject({
      name: z.literal("notes"),
      runtime: z.strictObject({ name: z.literal("nodejs"), options: z.strictObject({ typescript: z.literal(false) }) }),
      main: z.string().regex(/^slipway\//),
      config: z.record(z.string(), z.strictObject({ type: z.literal("object"), default: z.looseObject({}) })),
    });
    const { main } = project.parse(parse(files["Pulumi.yaml"] ?? ""));
    expect(existsSync(join(checkout, main.replace("slipway/", "")))).toBe(true);
  });

  it("names the project in each key of the stack's file, without which Pulumi refuses it", () => {
    const stack = z.strictObject({ config: z.record(z.string().startsWith("notes:"), z.unknown()) });
    expect(stack.safeParse(parse(files["Pulumi.staging.yaml"] ?? "")).error).toBeUndefined();
  });

  it("has no problem offline, where only the server and encrypted values are unknown", async () => {
    const { problems, unknown } = await readOffline({ folder, stack: "staging", environment: {} });
    expect(problems).toEqual([]);
    expect([...unknown].sort()).toEqual([
      ...["fingerprintKey", "host.address", "host.hostKey", "host.user", "secrets.POSTGRES_PASSWORD"],
    ]);
  });

  it("has no problem in a run with these values", async () => {
    const read = readStackFiles(readProjectFiles(folder), "staging");
    const secrets = JSON.stringify({ POSTGRES_PASSWORD: "an example of a password" });
    const { deployment, source } = await assembleDeployment({
      ...{ project: "notes", stack: "staging", root: folder },
      texts: { ...read.texts, secrets, fingerprintKey: "0123456789abcdef0123456789abcdef" },
      environment: { SERVER_HOST: "192.0.2.10", SERVER_USER: "deploy", SERVER_HOST_KEY: hostKey },
    });
    expect(source).toBe("secret config");
    expect(deployment.ports).toEqual({ web: { only: [{ first: 18080, last: 18080, address: undefined }] } });
    expect(deployment.release?.version).toBe("1.0.0");
  });

  it("is planned as the page shows", async () => {
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const call = { folder, stack: "staging", stacks: ["staging"], environment: { HOME: folder } };
    const code = await plan.run({ ...call, words: ["--offline"] });
    const printed = write.mock.calls.map(([text]) => String(text)).join("");
    write.mockRestore();
    expect(code).toBe(0);
    expect(printed).toBe(shown);
  });
});

describe("the other examples of docs/operating.md", () => {
  it("have a release document of aaperture that every rule accepts", async () => {
    const [, text = ""] = /^```json\n(.*?)^```$/ms.exec(page.split("\n## A new application\n")[0] ?? "") ?? [];
    const { release, problems } = readRelease("release.json", text);
    expect(problems).toEqual([]);
    const { deployment } = await loadAaperture("staging");
    expect(stackProblems(stackOf({ ...deployment, release }))).toEqual([]);
  });

  it("have a server by name", () => {
    const [, text = ""] = /\n## Hosts by name\n.*?^```yaml\n(.*?)^```$/ms.exec(page) ?? [];
    const { config } = z.object({ config: z.record(z.string(), z.unknown()) }).parse(parse(text));
    expect(Object.keys(config)).toEqual(["aaperture:hosts"]);
    const hosts = expandVariables("hosts", config["aaperture:hosts"], {
      ...{ SERVER_HOST: "192.0.2.10", SERVER_USER: "deploy", SERVER_HOST_KEY: hostKey },
    });
    expect(hosts.problems).toEqual([]);
    expect(environmentSchema.pick({ hosts: true }).safeParse({ hosts: hosts.value }).success).toBe(true);
    expect(ensureOneHost({ hosts: hosts.value })).toEqual([]);
  });
});
