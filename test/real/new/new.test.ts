import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runChild } from "../../../process/child.ts";
import { checkout } from "../../../toolchain/paths.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { pulumiEnvironment } from "../../pulumi/environment.ts";
import { closeRunFolder, openRunFolder } from "../../pulumi/run-folder.ts";
import { deployUser } from "../deploy-user.ts";
import { prepareUser } from "../stack/aaperture-server.ts";
import { RegistryDoor } from "../../hosts/registry/registry-door.ts";

const run = openRunFolder();
const folder = join(run, "notes");
let hosts: TestServers;
let server: TestServer;
let door: RegistryDoor;
let environment: NodeJS.ProcessEnv;
const transcript: string[] = [];

const page = readFileSync(join(checkout, "docs/your-own-application.md"), "utf8");
const [, compose = ""] = /^```yaml\n# compose.yaml\n(.*?)^```$/ms.exec(page) ?? [];

beforeAll(async () => {
  hosts = await startServers(1);
  const [first] = hosts.servers;
  if (first === undefined) throw new Error("there is no server");
  server = first;
  door = await RegistryDoor.open(hosts.registry, run);
  await prepareUser(hosts, server, { user: deployUser });
  environment = {
    ...pulumiEnvironment(),
    PULUMI_BACKEND_URL: `file://${run}/state`,
    SSH_AUTH_SOCK: hosts.agentSocket,
    ...door.environment,
  };
  for (const path of [folder, join(run, "state")]) mkdirSync(path);
  writeFileSync(join(folder, "compose.yaml"), compose.replaceAll("registry.example.com", hosts.registry.address));
  execFileSync("git", ["init", "--quiet", folder]);
  execFileSync("git", ["-C", folder, "add", "."]);
});

afterAll(async () => {
  door.close();
  await hosts.stop();
  closeRunFolder(run);
  const { SLIPWAY_TRANSCRIPT: file = "" } = process.env;
  if (file !== "") writeFileSync(file, transcript.join("\n"));
});

/** Runs a command of slipway in the application's folder, as its user types it, and gives what it prints. */
async function slipway(...words: string[]): Promise<string> {
  const command = ["node", join(checkout, "cli", "main.ts"), ...words];
  const { code, stdout, stderr } = await runChild(command, { cwd: folder, env: environment });
  transcript.push(`$ slipway ${words.join(" ")}`, stdout, stderr);
  if (code !== 0) throw new Error(`slipway ${words.join(" ")} ended with ${code}\n${stdout}${stderr}`);
  return stdout;
}

/** Writes what somebody knows in place of a text that stands in a file. */
function edit(file: string, changes: Readonly<Record<string, string>>): void {
  const before = readFileSync(join(folder, file), "utf8");
  const after = Object.entries(changes).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${file} has no '${from}'`);
    return text.replace(from, to);
  }, before);
  writeFileSync(join(folder, file), after);
}

test("the commands that slipway new and slipway init print lead from a compose file to a running stack", async () => {
  await hosts.buildAppRelease({ version: "1.0.0" }, "notes/web");
  const written = await slipway("new");
  expect(written).toContain("secrets.POSTGRES_PASSWORD: has no value");
  edit("Pulumi.production.yaml", {
    "${SERVER_HOST}": server.networkAddress,
    "${SERVER_USER}": deployUser,
    "${SERVER_HOST_KEY}": server.hostKey,
  });
  const made = await slipway("init", "--stack", "production");
  expect(made).toContain("for each secret: POSTGRES_PASSWORD");
  transcript.push(readFileSync(join(folder, "Pulumi.production.yaml"), "utf8"));
  const words = ["config", "set", "--secret", "--path", "secrets.POSTGRES_PASSWORD", "--stack", "production"];
  const set = await runChild(["pulumi", ...words], { cwd: folder, env: environment, stdin: "a-password-of-the-test" });
  expect(set.stderr).toBe("");
  await slipway("lock");
  await slipway("release", "--image", "web=1.0.0");
  await slipway("host", "check", "--stack", "production");
  await slipway("plan", "--stack", "production");
  await slipway("up", "--stack", "production", "--yes", "--non-interactive", "--color", "never");
  const { stdout } = await server.exec(["curl", "-sS", "http://127.0.0.1:3000/version"]);
  transcript.push("$ curl http://127.0.0.1:3000/version", stdout);
  expect(stdout).toContain("1.0.0");
  expect(await slipway("plan", "--stack", "production")).toContain("the server is as declared");
  transcript.push(
    ...["Pulumi.yaml", "Pulumi.production.yaml", "slipway.lock", "release.json"].map((file) => {
      return `== ${file}\n${readFileSync(join(folder, file), "utf8")}`;
    }),
  );
});
