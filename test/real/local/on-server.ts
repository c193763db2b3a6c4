import { dirname } from "node:path";
import { cacheDirectory, checkout, localDirectory } from "../../../toolchain/paths.ts";
import type { TestServer } from "../../hosts/servers.ts";

/** Everything that slipway needs of this machine to run on a server: itself, its tools, and git. */
export const sharedWithServer: readonly string[] = [
  ...(cacheDirectory.startsWith(`${checkout}/`) ? [] : [cacheDirectory]),
  ...[checkout, "/usr/bin/git", "/usr/lib/git-core"],
];

/**
 * Lets a user of a server run this checkout there, as a shell runner has a checkout of its own, and gives the words
 * before each command. The folder of the project becomes the user's; what slipway writes below the checkout stays on
 * the server.
 */
export async function runOnServer(server: TestServer, user: string, folder: string): Promise<readonly string[]> {
  const parents = [...new Set([checkout, cacheDirectory, folder].flatMap(parentsOf))];
  const script = [
    `chmod a+x ${parents.map((path) => `'${path}'`).join(" ")} 2>/dev/null || true`,
    "mkdir /run/own /run/own/upper /run/own/work /run/own/project",
    `mount --bind '${folder}' /run/own/project`,
    `own='${localDirectory}'`,
    'mount -t overlay overlay -o "lowerdir=$own,upperdir=/run/own/upper,workdir=/run/own/work" "$own"',
    `mount --bind /run/own/project '${folder}'`,
    `chown -R ${user} "$own" '${folder}'`,
  ].join("\n");
  const { code, stderr } = await server.exec(["bash", "-ceu", script]);
  if (code !== 0) throw new Error(`the checkout cannot be shared with ${server.name}\n${stderr}`);
  return await server.runnerWords(user, folder);
}

function parentsOf(path: string): string[] {
  const parent = dirname(path);
  return parent === "/" ? [] : [...parentsOf(parent), parent];
}
