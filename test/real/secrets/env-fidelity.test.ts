import { beforeAll, expect, test } from "vitest";
import { writeEnvFile } from "../../../model/stack/env/env-file.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { randomValues } from "./random-values.ts";

let hosts: TestServers;
let server: TestServer;

beforeAll(async () => {
  hosts = await startServers(1);
  [server] = hosts.servers as [TestServer];
  return () => hosts.stop();
}, 300_000);

async function on(command: string, stdin = ""): Promise<string> {
  const { code, stdout, stderr } = await server.exec(["bash", "-c", command], { stdin });
  if (code !== 0) throw new Error(`${command}: ended with ${code}: ${stderr}`);
  return stdout;
}

test("0 of 2,000 random values change on their way into a container (F110)", async () => {
  const variables = randomValues(2000, 7).map((value, index) => ({ name: `V${index}`, value }));
  const digest = await hosts.registry.digest("library/postgres", "17-alpine");
  const image = `${hosts.registry.address}/library/postgres@${digest}`;
  const compose = `services:\n  reader:\n    image: ${image}\n    env_file: .env\n    network_mode: none\n`;
  await on("mkdir /srv/fidelity && cat >/srv/fidelity/compose.yaml", compose);
  await on("cat >/srv/fidelity/.env", writeEnvFile(variables));
  const read = "run --rm --quiet-pull --no-TTY --entrypoint base64 reader --wrap=0 /proc/self/environ";
  const packed = await on(`cd /srv/fidelity && docker compose ${read}`);
  const entries = Buffer.from(packed, "base64").toString("utf8").split("\0");
  const found = new Map(
    entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
  const changed = variables.filter(({ name, value }) => found.get(name) !== value);
  process.stdout.write(`  ${variables.length} values in a container: ${changed.length} changed\n`);
  expect(changed).toEqual([]);
});
