/**
 * Starts servers, says on one line what they are, and lives until it is killed. Tests kill it, or let it live beside a run of their own.
 * Usage: node test/hosts/hold.ts <count>
 */
import { startServers } from "./servers.ts";

const { run, servers, registry } = await startServers(Number(process.argv[2] ?? "1"));
const facts = servers.map((server) => server.facts);
process.stdout.write(`${JSON.stringify({ run, pushAddress: registry.pushAddress, servers: facts })}\n`);
setInterval(() => undefined, 60_000);
