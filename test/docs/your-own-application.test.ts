import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assembleDeployment } from "../../config/assemble.ts";
import { readOffline } from "../../config/offline.ts";
import { readProjectFiles, readStackFiles } from "../../config/stack-files.ts";
import { checkout } from "../../toolchain/paths.ts";
import { NewApplication } from "../cli/commands/new-application.ts";
import { hostKey } from "../config/trial-repository.ts";

const page = readFileSync(join(checkout, "docs/your-own-application.md"), "utf8");

/** The blocks of the page whose first line names a file. */
const files = Object.fromEntries(
  [...page.matchAll(/^```yaml\n# (\S+)\n(.*?)^```$/gms)].map(([, name = "", text = ""]) => [name, text]),
);
const [, printed = ""] = /^```\n\$ slipway new\n(.*?)^```$/ms.exec(page) ?? [];

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** A lock as `slipway lock` would write it, with made-up digests. */
const lock = ["postgres:17-alpine", "traefik:v3.6"].map(
  (name) => `  ${name}: { digest: "${digest}", platforms: [linux/amd64] }\n`,
);

describe("the application of docs/your-own-application.md", () => {
  let application: NewApplication;
  let said: string;

  beforeAll(async () => {
    application = new NewApplication({ "compose.yaml": files["compose.yaml"] ?? "" }, { name: "notes" });
    said = await application.new();
  });
  afterAll(() => application[Symbol.dispose]());

  it("gets the files that the page shows, with what slipway new prints there", () => {
    expect(said).toBe(printed);
    const project = application.read("Pulumi.yaml");
    const [line, main = ""] = /^main: (.*)$/m.exec(project) ?? [];
    expect(project.replace(line ?? "", "main: slipway/index.ts")).toBe(files["Pulumi.yaml"]);
    expect(application.read("Pulumi.production.yaml")).toBe(files["Pulumi.production.yaml"]);
    expect(existsSync(join(application.folder, main))).toBe(true);
  });

  it("has no problem offline with its secret, its lock and its release", async () => {
    const secrets = '  notes:secrets: { POSTGRES_PASSWORD: { secure: "v1:…" } }\n';
    application.write("Pulumi.production.yaml", application.read("Pulumi.production.yaml") + secrets);
    application.write("slipway.lock", `images:\n${lock.join("")}`);
    const images = { web: `registry.example.com/notes/web@${digest}` };
    application.write("release.json", JSON.stringify({ version: "1.0.0", images }));
    const { folder } = application;
    const { problems, unknown } = await readOffline({ folder, stack: "production", environment: {} });
    expect(problems).toEqual([]);
    expect([...unknown].sort()).toEqual([
      ...["fingerprintKey", "host.address", "host.hostKey", "host.user", "secrets.POSTGRES_PASSWORD"],
    ]);
  });

  it("has no problem in a run with these values", async () => {
    const read = readStackFiles(readProjectFiles(application.folder), "production");
    const secrets = JSON.stringify({ POSTGRES_PASSWORD: "an example of a password" });
    const { deployment, source } = await assembleDeployment({
      ...{ project: "notes", stack: "production", root: application.folder },
      texts: { ...read.texts, secrets, fingerprintKey: "0123456789abcdef0123456789abcdef" },
      environment: { SERVER_HOST: "192.0.2.10", SERVER_USER: "deploy", SERVER_HOST_KEY: hostKey },
    });
    expect(source).toBe("secret config");
    expect(deployment.migrations.map(({ service }) => service.name)).toEqual(["migrate"]);
    expect(deployment.release?.version).toBe("1.0.0");
  });
});
