import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "../cache/place.ts";

const firstDeadline = 5_000;
const laterDeadline = 1_500;
const memory = 60 * 60 * 1000;
const asked = new Map<string, Promise<boolean>>();

/** The folder of Pulumi's releases. */
export function releaseFolder(place: Place): string {
  return `${place.pulumiHost}/releases/sdk`;
}

/** The name of the release for this machine. */
export function releaseArchive(version: string): string {
  return `pulumi-v${version}-${process.platform}-${process.arch}.tar.gz`;
}

/**
 * Why nothing official can be had here. One bounded question per run decides it; that nobody answered is remembered for an hour, so that a machine
 * behind a wall does not wait each time. A machine that reaches the host is never told otherwise.
 */
export async function pulumiHostObstacle(version: string, place: Place): Promise<string | undefined> {
  const url = `${releaseFolder(place)}/${releaseArchive(version)}`;
  const answer = asked.get(url) ?? ask(url, place);
  asked.set(url, answer);
  return (await answer) ? undefined : `${new URL(url).host} cannot be reached`;
}

async function ask(url: string, place: Place): Promise<boolean> {
  const file = join(place.localDirectory, "pulumi-host-silent");
  const silent = existsSync(file) ? readFileSync(file, "utf8").split(" ") : [];
  const isKnown = silent[0] === url;
  if (isKnown && Date.now() - Number(silent[1]) < memory) return false;
  const answers = await isOffered(url, isKnown ? laterDeadline : firstDeadline);
  if (answers) rmSync(file, { force: true });
  else remember(file, url);
  return answers;
}

async function isOffered(url: string, deadline: number): Promise<boolean> {
  const options = { method: "HEAD", signal: AbortSignal.timeout(deadline) };
  return await fetch(url, options).then(
    (response) => response.ok,
    () => false,
  );
}

function remember(file: string, url: string): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `${url} ${Date.now()}`);
}
