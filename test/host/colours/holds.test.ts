import { describe, expect, it } from "vitest";
import { Holds } from "../../../host/colours/holds.ts";
import { testServer } from "../verbs/server.ts";

const hold = {
  release: "2.0.0",
  hash: "a".repeat(64),
  by: "watch",
  why: "'api' restarts",
  since: "2026-01-01T00:00:00Z",
  who: "",
};

describe("holds", () => {
  it("name a release by the hash of its document, until they are removed", () => {
    const holds = new Holds(testServer().work("rollout").state);
    expect(holds.all()).toEqual([]);
    holds.add(hold);
    expect(holds.of(hold.hash)).toEqual(hold);
    expect(holds.of("b".repeat(64))).toBeUndefined();
  });

  it("keep the first reason of a release that is held again", () => {
    const holds = new Holds(testServer().work("rollout").state);
    holds.add(hold);
    holds.add({ ...hold, by: "ada", why: "she said so" });
    expect(holds.all()).toEqual([hold]);
  });

  it("say that they are damaged: nothing tells then that a release was held (F95)", () => {
    const { state } = testServer().work("rollout");
    const holds = new Holds(state);
    expect(holds.damage()).toEqual([]);
    holds.add(hold);
    expect(holds.damage()).toEqual([]);
    state.remember("holds", [{ ...hold, who: 7 }]);
    expect(holds.all()).toEqual([]);
    expect(holds.damage()).toEqual([expect.stringMatching(/^it cannot be read which releases are held/)]);
  });
});
