/**
 * Starts servers, prints their facts as one line of JSON, and runs until it is killed. Tests use it as a second run.
 * Usage: node test/hosts/hold.ts <count>
 */
import { startServers } from "./servers.ts";

const { run, servers, registry } = await startServers(Number(process.argv[2] ?? "1"));
const facts = servers.map((server) => server.facts);
process.stdout.write(`${JSON.stringify({ run, pushAddress: registry.pushAddress, servers: facts })}\n`);
setInterval(() => undefined, 60_000);
