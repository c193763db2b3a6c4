import { Buffer } from "node:buffer";
import { expect, it } from "vitest";
import { MovingTraffic, trafficOf } from "../../../host/records/traffic.ts";
import { testServer } from "../verbs/server.ts";

it("the errors of a proxy whose log cannot be read are unknown, and no error is claimed to be none (E3)", async () => {
  const { unique, said, work } = testServer();
  const body = {
    ...{ directory: "/nowhere", project: unique, release: "1", made: "1", watch: 1 },
    ...{ compose: Buffer.alloc(0), routes: Buffer.alloc(0), env: {}, files: {}, services: {}, entryPoints: {} },
  };
  const own = work("rollout");
  {
    await using traffic = new MovingTraffic(body, own);
    traffic.begin();
  }
  expect(trafficOf(own.state, "run-1")).toEqual({ asked: 0, failed: 0 });
  expect(said).toEqual(["release: while the traffic moved, the proxy's log could not be read"]);
});
