import { readFileSync, rmSync } from "node:fs";
import { prepareScript } from "../cli/commands/host-prepare.ts";
import type { TestServer } from "../test/hosts/servers.ts";
import { UserError } from "../model/problem.ts";
import { demoFolder, stacks } from "./paths.ts";
import { chooseRelease, makeProject, makeRelease, versions } from "./project.ts";
import { say, step } from "./say.ts";
import { removeServer, startServer } from "./server.ts";
import { DemoStack } from "./stack.ts";

/** Creates what a first deployment needs: a prepared server, a project, a release, and stacks with secrets. */
export async function setUp(): Promise<TestServer> {
  await removeServer();
  rmSync(demoFolder, { recursive: true, force: true });
  return await step(
    "a Debian 13 server with a Docker engine, and a registry; the first time takes about 3 minutes",
    () =>
      startServer(async (servers, server) => {
        await makeProject(servers);
        for (const version of Object.values(versions)) await makeRelease(servers, version);
        chooseRelease(versions.first);
        await prepare(server);
        for (const stack of stacks) await initialise(new DemoStack(stack, server));
      }),
    ({ networkAddress }) => `the server is ${networkAddress}`,
  );
}

/** Prepares the server as an administrator does: runs the script of `slipway host prepare` as root. */
async function prepare(server: TestServer): Promise<void> {
  const key = readFileSync(`${server.identity.privateKeyFile}.pub`, "utf8").trim();
  const { code, stdout, stderr } = await server.ssh("sh", {
    stdin: prepareScript({ user: "deploy", key, observeKey: "" }),
  });
  if (code !== 0) {
    const todo = `see what it wrote:\n${stdout}${stderr}`;
    throw new UserError({ path: "slipway host prepare", what: `ended with code ${code}`, todo });
  }
  say("demo:   ran the script of `slipway host prepare` on it as root");
}

/** Initialises a stack and shows what `slipway init` prints. */
async function initialise(stack: DemoStack): Promise<void> {
  const output = await stack.initialise();
  const [made = ""] = output.split("\nnext:\n"); // the demo itself does what comes next
  for (const line of made.split("\n")) say(`demo:   ${line}`);
}
