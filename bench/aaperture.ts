import type { TestServer, TestServers } from "../test/hosts/servers.ts";
import { Aaperture } from "../test/real/stack/aaperture.ts";
import { connectionsDuring } from "./connections.ts";
import { Control } from "./control.ts";
import { copyRendered, upByHand } from "./by-hand.ts";
import { benchLook } from "./observation.ts";
import { inTurn, secondsOf, shown } from "./measure.ts";

/** Two fresh servers: one for slipway, one for what is done by hand. */
export interface Bench {
  readonly folder: string;
  readonly servers: TestServers;
  readonly ours: TestServer;
  readonly byHand: TestServer;
  readonly say: (line: string) => void;
}

/** A first deploy beside the same by hand, a deploy without changes beside a bare one, and the connections of both. */
export async function benchAaperture(bench: Bench): Promise<void> {
  const { folder, servers, ours, byHand, say } = bench;
  const aaperture = await Aaperture.create(folder, servers, ["staging"]);
  const bare = new Control(folder, servers, byHand);
  const up = (): Promise<unknown> => aaperture.succeed("up", "staging", ours);

  let first = 0;
  const made = await connectionsDuring(ours, async () => {
    first = await secondsOf(up);
  });
  await copyRendered(ours, byHand);
  await bare.init();
  const hand = await secondsOf(() => upByHand(byHand));
  const bareFirst = await secondsOf(() => bare.up());
  say(`first up: ${shown(first)} s; by hand ${shown(hand)} s and a bare first up ${shown(bareFirst)} s`);
  say(`first up: ${shown(first - hand - bareFirst)} s beyond both (at most 10 s on a quiet machine)`);

  const control = new Control(folder, servers, ours);
  await control.up();
  const again = await inTurn(7, up, () => control.up());
  say(`up without changes: ${shown(again.one)} s, a bare program ${shown(again.other)} s (medians of 7, in turn)`);
  say(`up without changes: ${shown(again.one / again.other)} × the bare program (at most 1.3 ×)`);

  const unchanged = await connectionsDuring(ours, up);
  say(`connections at sshd: first up ${made}, up without changes ${unchanged}`);
  await benchLook(bench);
  await aaperture.succeed("destroy", "staging", ours);
}
