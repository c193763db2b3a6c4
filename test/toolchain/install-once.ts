import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { here } from "../../toolchain/place.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { fakeDelivery, forge, hammer } from "./fake-tool.ts";

// One of several runs that share a cache: installs the hammer, slowly enough that the others come meanwhile, and notes that it did.
const log = process.argv[2] ?? "";
const delivery = fakeDelivery("2.0.0", {
  deliver: async (stage) => {
    appendFileSync(log, "forged\n");
    await setTimeout(300);
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
