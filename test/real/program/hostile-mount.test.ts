import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { messageOf } from "../../../model/problem.ts";
import { envFileDifferences } from "../../../host/files/env-sums.ts";
import { writtenFiles } from "../../../host/observe/observe.ts";
import { files } from "../../../host/verbs/files.ts";
import { testServer } from "../../host/verbs/server.ts";
import { base } from "../../hosts/image/images.ts";
import { ensureImages } from "../../hosts/image/store.ts";
import { fullSeries } from "../series.ts";
import { Swapper } from "./swapper.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
});

const tries = fullSeries ? 200 : 20;

/** Tells of an act whether it was done, or why it was not. */
async function ended(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
    return "done";
  } catch (error) {
    return messageOf(error);
  }
}

describe("a container that runs as root and swaps what it mounts for links", () => {
  it("leads the verb `files` nowhere, while it writes, mends, compares and removes (SEC-A2, F135)", async () => {
    const { folder, unique, work } = testServer();
    const directory = join(folder, "shop");
    mkdirSync(directory);
    using swapper = new Swapper(unique, folder, join(directory, "conf"));
    const before = swapper.state();
    const ends = new Set<string>();
    for (let count = 0; count < tries; count += 1) {
      const content = new TextEncoder().encode(`evil ${count}`);
      const file = { mode: count % 2 === 0 ? "0644" : "0666", content };
      const body = { directory, files: { "conf/a.conf": file, "conf/sub/target": file } };
      ends.add(await ended(async () => files.apply(body, work("files"))));
      ends.add(await ended(async () => files.differences(body, work("files"))));
      ends.add(await ended(() => Promise.resolve(writtenFiles(work("files").state))));
      ends.add(await ended(() => Promise.resolve(envFileDifferences(directory, "conf/a.conf", {}))));
      if (count % 5 === 4) ends.add(await ended(async () => files.remove(body, work("files"))));
      expect(swapper.state(), `after try ${count}`).toEqual(before);
    }
    expect(swapper.isAtWork()).toBe(true);
    // It came to blows: some writes ended as they should, and some met what the container had put there.
    expect(ends).toContain("done");
    expect([...ends].some((end) => end.startsWith("cannot write") || end.includes("is not as document"))).toBe(true);
  });
});
