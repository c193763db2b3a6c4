import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { eventStream, slowRequest, slowUpload, webSocket, type LongRequest } from "../../hosts/load/long-requests.ts";
import { changesOf, lost, sentAfter } from "../../hosts/load/seen.ts";
import { SteadyLoad } from "../../hosts/load/steady-load.ts";
import { fullSeries } from "../series.ts";
import { switchBackByHand } from "../program/release/operator-run.ts";
import { ReleaseStack } from "../program/release/release-stack.ts";
import { backLine, countsLine, inItsTime, near, switchLine, type SeenSwitch } from "./switch-figures.ts";

let stack: ReleaseStack;
/** The release that serves. */
let live = "0";

/** Seconds of the slow requests, and of the grace period of the services. */
const [slow, grace] = fullSeries ? [10, 15] : [4, 5];

/** An api that exits at once when it is stopped, and a web server that ends what it has in hand. */
async function bringHasty(version: string): Promise<void> {
  const how = { grace: `${grace}s`, web: { exitAtTerm: false } };
  expect((await stack.up({ version, exitAtTerm: true }, how)).error).toBe("");
  live = version;
}

beforeAll(async () => {
  const opened = await ReleaseStack.open();
  ({ stack } = opened);
  await bringHasty(live);
  return opened.close;
});

/** Brings a release, and tells when its routes were written and when the run knew that they are followed. */
async function bring(to: string, warm: "running" | "stopped" = "stopped", atGate?: () => void): Promise<SeenSwitch> {
  let [written, switched] = [0, 0];
  const { error } = await stack.up({ version: to }, { rollout: { warm } }, (step) => {
    if (step === "rollout gate") atGate?.();
    if (step === "rollout switch ended") written = stack.routesWritten();
    if (step === "rollout verify ended") switched = Date.now();
  });
  expect(error).toBe("");
  live = to;
  return { to, written, switched };
}

async function goBack(to: string): Promise<SeenSwitch> {
  let [begun, switched] = [0, 0];
  const answer = await switchBackByHand(stack, { who: "ada", why: "the cart is empty" }, (moment) => {
    if (moment === "begin") begun = Date.now();
    else switched = Date.now();
  });
  expect(answer).toMatchObject({ release: to, left: live });
  live = to;
  return { to, begun, written: stack.routesWritten(), switched };
}

/** Ten requests and four uploads; whole, it is fifty and twenty. */
function openRequests(): Promise<LongRequest[]> {
  const bases = [stack.targets.api, stack.targets.web];
  const requests = bases.flatMap((base) => Array.from({ length: 5 }, () => slowRequest(base, slow * 1000)));
  const uploads = bases.flatMap((base) => Array.from({ length: 2 }, () => slowUpload(base, slow * 1000)));
  return Promise.all([...requests, ...uploads]);
}

const endsOf = (all: readonly LongRequest[]): string[] => all.map(({ what, end }) => `${what}: ${end}`);

describe("a switch around open requests, to an api that exits at once when it is stopped,", () => {
  const tries = Array.from({ length: fullSeries ? 5 : 1 }, (_, index) => index + 1);

  it.each(tries)(
    "cuts none, and closes WebSockets and events once, when it drains (F61), try %i",
    async (attempt) => {
      if (attempt > 1) await bringHasty(`before-${attempt}`);
      const before = live;
      let open: Promise<LongRequest[]> | undefined;
      let connections: Promise<LongRequest[]> | undefined;
      const { switched } = await bring(`after-${attempt}`, "stopped", () => {
        open = openRequests();
        connections = Promise.all([webSocket(stack.targets.web), eventStream(stack.targets.web)]);
      });
      const ended = (await open) ?? [];
      const good = [`a request of ${slow} s: 200 {"slept":${slow}000}`, `an upload of ${slow} s: 200 {"bytes":10000}`];
      expect([...new Set(endsOf(ended))]).toEqual(good);
      expect(new Set(ended.map(({ release }) => release))).toEqual(new Set([before]));
      expect(ended.filter(({ at }) => at < switched)).toEqual([]);
      const closed = (await connections) ?? [];
      expect(endsOf(closed)).toEqual(["a WebSocket: 1001", "server-sent events: 200 event: end data: drains"]);
      expect(closed.filter(({ at }) => at < switched + grace * 1000)).toEqual([]);
      expect(stack.said).toContain(`release: 2 connections to blue did not end in ${grace} s`);
      const last = (Math.max(...ended.map(({ at }) => at)) - switched) / 1000;
      const figure = `0 of ${ended.length} cut (limit 0), the last one ended ${last.toFixed(1)} s after it`;
      process.stdout.write(`  switch around open requests: ${figure}\n`);
    },
    300_000,
  );
});

describe("switches under load", () => {
  /** Two releases, and back from the second one to the first: three switches; a sample is without the first one. */
  const rounds = fullSeries ? 34 : 1;

  it("lose no request, and no old release answers after the run has said that it switched (E3, E5)", async () => {
    await using load = SteadyLoad.begin(stack.targets);
    const switches: SeenSwitch[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      if (fullSeries) switches.push(await bring(`${round}a`));
      const kept = live;
      switches.push(await bring(`${round}b`, "running"), await goBack(kept));
      await pause(near);
    }
    const requests = await load.end();
    const lines = [countsLine, switchLine, backLine].map((line) => `  ${line(switches, requests)}\n`);
    process.stdout.write(lines.join(""));
    expect(lost(requests)).toEqual([]);
    for (const one of switches) {
      const own = inItsTime(one, switches, requests);
      const count = sentAfter(own, one.written, near).length;
      expect(count, `requests right after the switch to ${one.to}`).toBeGreaterThanOrEqual(100);
      expect(sentAfter(own, one.switched).filter(({ release }) => release !== one.to)).toEqual([]);
    }
    expect(changesOf(requests)).toBe(switches.length);
    if (fullSeries) expect(requests.length).toBeGreaterThanOrEqual(15_000);
  }, 2_400_000);
});
