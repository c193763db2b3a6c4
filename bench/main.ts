/** `npm run bench`: figures as ratios against a control in the same run. Nothing is asserted: a figure is for people. */
import { loadavg } from "node:os";
import { ensureTools } from "../toolchain/toolchain.ts";
import { deployTools, testTools } from "../toolchain/tools.ts";
import { startServers } from "../test/hosts/servers.ts";
import { closeRunFolder, openRunFolder } from "../test/pulumi/run-folder.ts";
import { benchAaperture } from "./aaperture.ts";
import { benchServices } from "./services.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const load = (): string => `load ${loadavg()[0]?.toFixed(1) ?? "unknown"}`;

await ensureTools([...deployTools, ...testTools], say);
const folder = openRunFolder();
// Both pull what they run, as a new server does.
const servers = await startServers(2, { bare: true });
try {
  const [ours, byHand] = servers.servers;
  if (ours === undefined || byHand === undefined) throw new Error("two servers were asked for");
  const bench = { folder, servers, ours, byHand, say };
  say(`bench: begins at ${load()}`);
  await benchAaperture(bench);
  await benchServices(bench, [5, 20, 50]);
  say(`bench: ends at ${load()}`);
} finally {
  await servers.stop();
  closeRunFolder(folder);
}
