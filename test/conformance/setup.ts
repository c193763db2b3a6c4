import { rmSync } from "node:fs";
import type { TestProject } from "vitest/node";
import type { ServerFacts, TestServer } from "../hosts/server.ts";
import { startServers } from "../hosts/servers.ts";
import type { Identity } from "../hosts/ssh.ts";
import { describePlugins, pluginsUnderTest } from "./plugins.ts";
import { openRunFolder } from "../pulumi/run-folder.ts";

declare module "vitest" {
  interface ProvidedContext {
    runFolder: string;
    server: { readonly facts: ServerFacts; readonly identity: Identity };
  }
}

/** The global setup of the suite: a folder for its projects, and a test server that all its files share. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  for (const line of describePlugins(pluginsUnderTest())) process.stdout.write(`${line}\n`);
  const folder = openRunFolder();
  provide("runFolder", folder);
  const started = await startServers(1);
  const [server] = started.servers;
  if (server === undefined) throw new Error("conformance: no test server was started");
  await relaxSshdLimits(server);
  provide("server", { facts: server.facts, identity: server.identity });
  return async () => {
    await started.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

/**
 * Raises two limits of sshd: on parallel connections, and on failed logins from an address. All tests come from one
 * address, and some fail on purpose.
 */
async function relaxSshdLimits(server: TestServer): Promise<void> {
  const settings = "printf 'PerSourcePenalties no\\nMaxStartups 200\\n' > /etc/ssh/sshd_config.d/conformance.conf";
  const { code, stderr } = await server.exec(["bash", "-c", `${settings} && service ssh reload`]);
  if (code !== 0) throw new Error(`conformance: sshd did not load its settings: ${stderr}`);
}
