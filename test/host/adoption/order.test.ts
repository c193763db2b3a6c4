import { expect, it } from "vitest";
import { inWaves, neededServices } from "../../../host/adoption/order.ts";

function wavesOf(needs: Readonly<Record<string, readonly string[]>>): string[][] {
  const all = Object.entries(needs).map(([service, names]) => ({ service, needs: names }));
  return inWaves(all).map((wave) => wave.map(({ service }) => service));
}

it("puts each container after those that it needs, and those that need each other last", () => {
  expect(wavesOf({ web: ["api", "db"], api: ["db"], db: [] })).toEqual([["db"], ["api"], ["web"]]);
  expect(wavesOf({ web: ["elsewhere", "web"], db: [] })).toEqual([["web", "db"]]);
  expect(wavesOf({ a: ["b"], b: ["a"], db: [] })).toEqual([["db"], ["a", "b"]]);
});

it("reads the services that a container needs from the label of Compose", () => {
  expect(neededServices("db:service_healthy:false,cache:service_started:true")).toEqual(["db", "cache"]);
  expect([neededServices(undefined), neededServices("")]).toEqual([[], []]);
});
