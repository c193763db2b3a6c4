import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import language from "@pulumi/pulumi/proto/language_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkout } from "../../../toolchain/paths.ts";
import { Engine, Host, programInfo } from "./host.ts";
import { ProgramFolder } from "./program-folder.ts";

const polling = { timeout: 30_000 };

let host: Host;
let tools: string;
let folder: ProgramFolder;
beforeAll(async () => {
  tools = mkdtempSync(join(tmpdir(), "slipway-tools-"));
  const script = '#!/bin/sh\n[ "$1" = --version ] && echo 11.0.0 || echo "npm $* in $PWD"; [ ! -e fail ]\n';
  writeFileSync(join(tools, "npm"), script, { mode: 0o755 });
  host = await Host.start([], { ...process.env, PATH: `${tools}:${process.env["PATH"] ?? ""}` });
});
beforeEach(() => {
  folder = new ProgramFolder();
});
afterEach(() => folder.remove());
afterAll(() => {
  host.stop();
  rmSync(tools, { recursive: true });
});

const manifest = (path: string, content: unknown) => folder.write(`${path}/package.json`, JSON.stringify(content));

describe("the required plugins of a program", () => {
  const required = async () => {
    const request = new language.GetRequiredPackagesRequest().setInfo(programInfo(folder.path));
    const answer = await host.ask<language.GetRequiredPackagesResponse>((client, done) =>
      client.getRequiredPackages(request, done),
    );
    return answer
      .getPackagesList()
      .map((one) => `${one.getKind()} ${one.getName()} ${one.getVersion()} ${one.getServer()}`.trim())
      .sort();
  };

  test("are those of its packages, with the package's own version by default", async () => {
    manifest("node_modules/@pulumi/one", { name: "@pulumi/one", version: "1.2.3", pulumi: { resource: true } });
    manifest("node_modules/@other/two", {
      name: "@other/two",
      version: "9.9.9",
      pulumi: { resource: true, name: "two", version: "v2.0.0", server: "https://example.test" },
    });
    manifest("node_modules/plain", { name: "plain", version: "1.0.0" });
    manifest("node_modules/policy", { name: "policy", version: "1.0.0", pulumi: { resource: false } });
    manifest("node_modules/broken", []);
    expect(await required()).toEqual(["resource one v1.2.3", "resource two v2.0.0 https://example.test"]);
  });

  test("are found once in nested and linked packages, but not in hidden folders", async () => {
    const provider = (name: string) => ({ name, version: "1.0.0", pulumi: { resource: true, name } });
    manifest("node_modules/a/node_modules/inner", provider("inner"));
    manifest("packages/linked", provider("linked"));
    manifest("packages/linked/node_modules/deep", provider("deep"));
    manifest(".slipway/node_modules/hidden", provider("hidden"));
    symlinkSync("../packages/linked", join(folder.path, "node_modules/linked"));
    symlinkSync("../..", join(folder.path, "node_modules/a/back"));
    symlinkSync("nowhere", join(folder.path, "node_modules/dangling"));
    expect(await required()).toEqual(["resource deep v1.0.0", "resource inner v1.0.0", "resource linked v1.0.0"]);
  });

  test("are, for this checkout, command, docker and tls in the versions of the lock file", async () => {
    const request = new language.GetRequiredPackagesRequest().setInfo(programInfo(checkout));
    const answer = await host.ask<language.GetRequiredPackagesResponse>((client, done) =>
      client.getRequiredPackages(request, done),
    );
    const found = answer.getPackagesList().map((one) => `${one.getName()} ${one.getVersion()}`);
    expect(found.sort()).toEqual(["command v1.2.1", "docker v5.2.0", "tls v5.6.1"]);
  });
});

test("pulumi about shows the versions of Node, npm and TypeScript", async () => {
  manifest("node_modules/typescript", { name: "typescript", version: "6.0.3" });
  const request = new language.AboutRequest().setInfo(programInfo(folder.path));
  const answer = await host.ask<language.AboutResponse>((client, done) => client.about(request, done));
  expect(answer.getExecutable()).toBe(process.execPath);
  expect(answer.getVersion()).toBe(process.version);
  expect(Object.fromEntries(answer.getMetadataMap().getEntryList())).toEqual({
    packagemanager: "npm",
    packagemanagerVersion: "11.0.0",
    typescriptVersion: "6.0.3",
  });
});

test("the host's version marks it as the offline one", async () => {
  const answer = await host.ask<{ getVersion(): string }>((client, done) =>
    client.getPluginInfo(new empty.Empty(), done),
  );
  expect(answer.getVersion()).toMatch(/^\d+\.\d+\.\d+-offline$/);
  const main = join(checkout, "toolchain", "plugins", "language-nodejs", "main.ts");
  expect(spawnSync(process.execPath, [main, "--version"], { encoding: "utf8" }).stdout).toBe(
    `${answer.getVersion()}\n`,
  );
});

describe("the listed packages of a program", () => {
  const packages = async (transitive: boolean) => {
    const request = new language.GetProgramDependenciesRequest()
      .setInfo(programInfo(folder.path))
      .setTransitivedependencies(transitive);
    const answer = await host.ask<language.GetProgramDependenciesResponse>((client, done) =>
      client.getProgramDependencies(request, done),
    );
    return answer.getDependenciesList().map((one) => `${one.getName()} ${one.getVersion()}`);
  };

  beforeEach(() => {
    folder.write("package.json", '{ "dependencies": { "@a/one": "^1" }, "devDependencies": { "two": "*" } }');
    const installed = {
      "node_modules/@a/one": "1.0.0",
      "node_modules/two": "2.0.0",
      "node_modules/two/node_modules/three": "3.0.0",
    };
    const packages: Record<string, { version: string }> = {};
    for (const [path, version] of Object.entries(installed)) packages[path] = { version };
    folder.write("node_modules/.package-lock.json", JSON.stringify({ packages }));
  });

  test("are its direct dependencies", async () => {
    expect(await packages(false)).toEqual(["@a/one 1.0.0", "two 2.0.0"]);
  });

  test("are all installed packages if transitive ones are requested", async () => {
    expect(await packages(true)).toEqual(["@a/one 1.0.0", "two 2.0.0", "three 3.0.0"]);
  });
});

describe("pulumi install", () => {
  const request = () => new language.InstallDependenciesRequest().setInfo(programInfo(folder.path));

  test("runs npm in the program's folder and shows its output", async () => {
    expect(await host.install(request())).toBe(
      "Installing dependencies...\n\n" +
        `npm install --loglevel=error in ${folder.path}\n` +
        "Finished installing dependencies\n\n",
    );
  });

  test("rejects a failure of npm", async () => {
    folder.write("fail", "");
    await expect(host.install(request())).rejects.toThrow(/npm install failed with exit code 1/);
  });
});

test("the host prompts for no options and creates no files for a template", async () => {
  const prompts = await host.ask<language.RuntimeOptionsResponse>((client, done) =>
    client.runtimeOptionsPrompts(new language.RuntimeOptionsRequest(), done),
  );
  expect(prompts.getPromptsList()).toEqual([]);
  await host.ask((client, done) => client.template(new language.TemplateRequest(), done));
});

test("the host ends with the engine that it learned of by a handshake", async () => {
  const engine = await new Engine().start();
  const request = new language.LanguageHandshakeRequest().setEngineAddress(engine.address);
  await host.ask((client, done) => client.handshake(request, done));
  engine.die();
  await expect.poll(() => host.process.exitCode, polling).toBe(0);
});
