import type { TestServer, TestServers } from "../test/hosts/servers.ts";
import { Aaperture } from "../test/real/stack/aaperture.ts";
import { connectionsDuring } from "./connections.ts";
import { Control } from "./control.ts";
import { copyRendered, upByHand } from "./by-hand.ts";
import { benchObservation } from "./observation.ts";
import { alternate, decimal, secondsOf } from "./measure.ts";

/** Two fresh servers: one for slipway, and one for the same deployment by hand. */
export interface Bench {
  readonly folder: string;
  readonly servers: TestServers;
  readonly ours: TestServer;
  readonly byHand: TestServer;
  readonly say: (line: string) => void;
}

/** Compares a first deployment with the same by hand, and one without changes with the control; counts connections. */
export async function benchAaperture(bench: Bench): Promise<void> {
  const { folder, servers, ours, byHand, say } = bench;
  const aaperture = await Aaperture.create(folder, servers, ["staging"]);
  const controlByHand = new Control(folder, servers, byHand);
  const up = (): Promise<unknown> => aaperture.succeed("up", "staging", ours);

  let first = 0;
  const connections = await connectionsDuring(ours, async () => {
    first = await secondsOf(up);
  });
  // On the other server: the same application by hand, and what Pulumi itself costs there.
  await copyRendered(ours, byHand);
  await controlByHand.init();
  const hand = await secondsOf(() => upByHand(byHand));
  const controlFirst = await secondsOf(() => controlByHand.up());
  say(
    `first up: ${decimal(first)} s; by hand ${decimal(hand)} s, and the control's first up ${decimal(controlFirst)} s`,
  );
  say(`first up: ${decimal(first - hand - controlFirst)} s more than both (at most 10 s on a quiet machine)`);

  // From here on both use one server, so that they see the same state and load.
  const control = new Control(folder, servers, ours);
  await control.up();
  const again = await alternate(7, up, () => control.up());
  say(`up without changes: ${decimal(again.one)} s, the control ${decimal(again.other)} s (medians of 7, alternating)`);
  say(`up without changes: ${decimal(again.one / again.other)} × the control (at most 1.3 ×)`);

  const unchanged = await connectionsDuring(ours, up);
  say(`connections to sshd: first up ${connections}, up without changes ${unchanged}`);
  await benchObservation(bench);
  await aaperture.succeed("destroy", "staging", ours);
}
