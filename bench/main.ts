/**
 * `npm run bench [-- <part> …]`: prints measurements as ratios to a control in the same run. It asserts nothing.
 * Without a part it runs all of them.
 */
import { loadavg } from "node:os";
import { describeError, UserError } from "../model/problem.ts";
import { guess } from "../model/guess.ts";
import { ensureTools } from "../toolchain/toolchain.ts";
import { deployTools, testTools } from "../toolchain/tools.ts";
import { startServers } from "../test/hosts/servers.ts";
import { closeRunFolder, openRunFolder } from "../test/pulumi/run-folder.ts";
import { benchAaperture } from "./aaperture.ts";
import type { Bench } from "./bench.ts";
import { benchGrowth } from "./growth.ts";
import { benchLoad } from "./load.ts";
import { benchRelease } from "./release.ts";

const parts: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  aaperture: benchAaperture,
  release: benchRelease,
  load: benchLoad,
  growth: benchGrowth,
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);
/** The load of this machine, since it affects all measurements. */
const load = (): string => `load ${loadavg()[0]?.toFixed(1) ?? "unknown"}`;

async function run(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => parts[name] === undefined);
  if (unknown !== undefined) {
    const todo = guess(unknown, Object.keys(parts));
    throw new UserError({ path: "npm run bench", what: `there is no part '${unknown}'`, todo }, { usage: true });
  }
  await ensureTools([...deployTools, ...testTools], say);
  for (const name of names) await runPart(name);
}

/** Each part has fresh servers, which are bare: they pull their images, as new servers do. */
async function runPart(name: string): Promise<void> {
  const folder = openRunFolder();
  const servers = await startServers(2, { bare: true });
  try {
    const [ours, byHand] = servers.servers;
    if (ours === undefined || byHand === undefined) throw new Error("two servers must be started");
    say(`bench: ${name} begins at ${load()}`);
    await parts[name]?.({ folder, servers, ours, byHand, say });
    say(`bench: ${name} ends at ${load()}`);
  } finally {
    await servers.stop();
    closeRunFolder(folder);
  }
}

try {
  const names = process.argv.slice(2);
  await run(names.length === 0 ? Object.keys(parts) : names);
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}
