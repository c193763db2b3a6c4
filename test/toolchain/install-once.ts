import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { here } from "../../toolchain/cache/place.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { fakeDelivery, forge, hammer } from "./fake-tool.ts";

// One of three processes that share a cache. It installs the hammer when all three have started, and logs that it did.
const log = process.argv[2] ?? "";
const arrivals = `${log}.arrivals`;
appendFileSync(arrivals, "started\n");
const delivery = fakeDelivery("2.0.0", {
  deliver: async (stage) => {
    appendFileSync(log, "forged\n");
    while (readFileSync(arrivals, "utf8").split("\n").length <= 3) await setTimeout(20);
    forge(stage, "2.0.0");
  },
});
const place = {
  ...here,
  cacheDirectory: join(log, "..", "cache"),
  binDirectory: join(log, "..", `bin-${process.pid}`),
};
await ensureTools([hammer(delivery)], (line) => process.stdout.write(`${line}\n`), {
  ...place,
  localDirectory: place.binDirectory,
});
