/** `npm run bench`: prints measurements as ratios to a control in the same run. It asserts nothing. */
import { loadavg } from "node:os";
import { ensureTools } from "../toolchain/toolchain.ts";
import { deployTools, testTools } from "../toolchain/tools.ts";
import { startServers } from "../test/hosts/servers.ts";
import { closeRunFolder, openRunFolder } from "../test/pulumi/run-folder.ts";
import { benchAaperture } from "./aaperture.ts";
import { benchServices } from "./services.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);
/** The load of this machine, since it affects all measurements. */
const load = (): string => `load ${loadavg()[0]?.toFixed(1) ?? "unknown"}`;

await ensureTools([...deployTools, ...testTools], say);
const folder = openRunFolder();
// Bare servers pull their images, as new servers do.
const servers = await startServers(2, { bare: true });
try {
  const [ours, byHand] = servers.servers;
  if (ours === undefined || byHand === undefined) throw new Error("two servers must be started");
  const bench = { folder, servers, ours, byHand, say };
  say(`bench: starts at ${load()}`);
  await benchAaperture(bench);
  await benchServices(bench, [5, 20, 50]);
  say(`bench: ends at ${load()}`);
} finally {
  await servers.stop();
  closeRunFolder(folder);
}
