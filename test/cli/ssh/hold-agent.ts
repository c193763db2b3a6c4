import { once } from "node:events";
import { startAgent } from "../../../cli/ssh/agent.ts";

// Holds an agent until its stdin ends, and ignores signals meanwhile, as slipway does while pulumi stops.
const agent = await startAgent(process.env["SSH_PRIVATE_KEY"] ?? "");
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
process.stdout.write(`${agent.socket}\n`);
await once(process.stdin.resume(), "end");
await agent.close();
