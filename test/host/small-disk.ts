import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { stackPlaces } from "../../host/places.ts";
import { Presence } from "../../host/session/presence.ts";
import { SessionFolder } from "../../host/session/session-folder.ts";

export const page = 4096;

/** A small disk, of which a test leaves as much free as it wants. */
export function smallDisk(folder = mkdtempSync(join(tmpdir(), "slipway-disk-")), size = "512k") {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "none", folder]);
  onTestFinished(() => {
    execFileSync("umount", ["--lazy", folder]);
    rmSync(folder, { recursive: true });
  });
  const filler = join(folder, "filler");
  return {
    folder,
    /** Fills the disk, but for so many pages. */
    leave: (pages: number) => {
      rmSync(filler, { force: true });
      const { bavail } = statfsSync(folder);
      writeFileSync(filler, Buffer.alloc((bavail - pages) * page));
    },
    free: () => rmSync(filler, { force: true }),
  };
}

/** A stack whose directory and whose memory lie on one small disk, with a session. */
export async function stackOnSmallDisk() {
  const small = smallDisk();
  const run = mkdtempSync(join(tmpdir(), "slipway-run-"));
  onTestFinished(() => rmSync(run, { recursive: true }));
  const places = stackPlaces({ state: join(small.folder, "state"), run }, "shop/staging");
  const directory = join(small.folder, "shop");
  mkdirSync(directory);
  const presence = await Presence.open(places.stackRun);
  const session = new SessionFolder(presence.folder);
  session.setAbout({ run: "run-1", holder: "one", job: "" });
  session.hear();
  const alive = setInterval(() => session.hear(), 50);
  onTestFinished(() => clearInterval(alive));
  return { ...small, places, directory, session };
}
