import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "../cache/place.ts";

const firstTimeout = 5_000;
const laterTimeout = 1_500;
const silenceLifetime = 60 * 60 * 1000;
/** The answers of this run by URL. */
const answers = new Map<string, Promise<boolean>>();

/** The URL of the folder with Pulumi's releases. */
export function releaseFolder(place: Place): string {
  return `${place.pulumiHost}/releases/sdk`;
}

/** The file name of the release for this machine. */
export function releaseArchive(version: string): string {
  return `pulumi-v${version}-${process.platform}-${process.arch}.tar.gz`;
}

/**
 * Says why Pulumi's official downloads are not available; undefined if they are. Each run asks the host once, with a
 * timeout. If it does not answer, that is noted for an hour, so that runs behind a firewall do not wait every time. A
 * host that answers is never noted as silent.
 */
export async function pulumiHostObstacle(version: string, place: Place): Promise<string | undefined> {
  const url = `${releaseFolder(place)}/${releaseArchive(version)}`;
  const answer = answers.get(url) ?? isReachable(url, place);
  answers.set(url, answer);
  return (await answer) ? undefined : `${new URL(url).host} cannot be reached`;
}

/** Asks the host, unless it was silent within the last hour. */
async function isReachable(url: string, place: Place): Promise<boolean> {
  const file = join(place.localDirectory, "pulumi-host-silent");
  const [silentUrl, since] = existsSync(file) ? readFileSync(file, "utf8").split(" ") : [];
  const wasSilent = silentUrl === url;
  if (wasSilent && Date.now() - Number(since) < silenceLifetime) return false;
  const answered = await offersRelease(url, wasSilent ? laterTimeout : firstTimeout);
  if (answered) rmSync(file, { force: true });
  else noteSilence(file, url);
  return answered;
}

async function offersRelease(url: string, timeout: number): Promise<boolean> {
  const options = { method: "HEAD", signal: AbortSignal.timeout(timeout) };
  return await fetch(url, options).then(
    (response) => response.ok,
    () => false,
  );
}

function noteSilence(file: string, url: string): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `${url} ${Date.now()}`);
}
