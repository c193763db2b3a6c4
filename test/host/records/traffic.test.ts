import { Buffer } from "node:buffer";
import { expect, it, vi } from "vitest";
import type { Body } from "../../../model/document/bodies.ts";
import { MovingTraffic, trafficOf } from "../../../host/records/traffic.ts";
import { StackState } from "../../../host/state/stack-state.ts";
import { stackOnSmallDisk } from "../small-disk.ts";
import { testServer } from "../verbs/server.ts";

function bodyOf(project: string): Body<"rollout"> {
  return {
    ...{ directory: "/nowhere", project, release: "1", made: "1", watch: 1 },
    ...{ compose: Buffer.alloc(0), routes: Buffer.alloc(0), env: {}, files: {}, services: {}, entryPoints: {} },
  };
}

it("the errors are unknown where the clock was set back: the times of the log say nothing (E3, SEC-C2)", async () => {
  const { unique, work } = testServer();
  const own = work("rollout");
  const body = bodyOf(unique);
  const proxy = { id: "1", state: "running", oneOff: false };
  const engine = { project: () => Promise.resolve([proxy]), logsSince: () => Promise.resolve("") };
  {
    await using traffic = new MovingTraffic(body, Object.assign(own, { engine }));
    traffic.begin();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 3_600_000 });
  }
  vi.useRealTimers();
  expect(trafficOf(own.state, "run-1")).toEqual({ asked: 0, failed: 0 });
});

it("the errors of a proxy whose log cannot be read are unknown, and no error is claimed to be none (E3)", async () => {
  const { unique, said, work } = testServer();
  const body = bodyOf(unique);
  const own = work("rollout");
  {
    await using traffic = new MovingTraffic(body, own);
    traffic.begin();
  }
  expect(trafficOf(own.state, "run-1")).toEqual({ asked: 0, failed: 0 });
  expect(said).toEqual(["release: while the traffic moved, the proxy's log could not be read"]);
});

it("a count that finds no room on the disk ends no release (F14)", async () => {
  const { places, leave } = await stackOnSmallDisk();
  const { unique, said, work } = testServer();
  const state = new StackState(places);
  state.remember("traffic", {});
  leave(0);
  {
    await using traffic = new MovingTraffic(bodyOf(unique), Object.assign(work("rollout"), { state }));
    traffic.begin();
  }
  expect(said[0]).toMatch(/^release: the count of lost requests is not kept: cannot write .*ENOSPC/);
});
