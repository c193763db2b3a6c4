import { describe, expect, it, test } from "vitest";
import { readDataAnswer, readRolloutAnswer, readSubnetsAnswer } from "../../../../model/facts/release/answer.ts";

const live = { colour: "blue", release: "1.0.0", commit: "abcdef0", since: "2026-01-01T00:00:00Z" };
const data = {
  shop_pgdata: { service: "postgres", cluster: "7301", folder: "21.5", empty: false, machine: "machine-1" },
  shop_files: {
    service: "api",
    cluster: "",
    folder: "22.5",
    empty: true,
    machine: "machine-1",
    adopted: "machine-1:a",
  },
};

describe("the answer of a verb", () => {
  test.each(["%\n", "a line before\n%\n", 'the line of a shell {"live":1}: %\n', "%\na line after", "%"])(
    "tells the live release, whatever a login shell prints: %j (F9)",
    (form) => {
      const answer = JSON.stringify({ outcome: "applied", object: "rollout", number: "1.a", live });
      expect(readRolloutAnswer(form.replace("%", answer))).toEqual(live);
    },
  );

  it("tells the remembered data of each volume", () => {
    expect(readDataAnswer(JSON.stringify({ outcome: "applied", data }))).toEqual(data);
  });

  it("tells the subnets of each network", () => {
    const subnets = { shop_back: ["10.213.0.0/26"], shop_front: ["172.20.0.0/24", "fd00::/64"] };
    expect(readSubnetsAnswer(JSON.stringify({ outcome: "unchanged", subnets }))).toEqual(subnets);
  });

  test.each([
    "",
    "no JSON",
    "[]",
    '{"live":{"colour":"blue"}}',
    '{"data":{"v":{"service":"api"}}}',
    '{"outcome":"applied","subnets":{"a":"b"}}',
  ])("tells nothing if it is %j", (stdout) => {
    expect(readRolloutAnswer(stdout)).toEqual({
      colour: "unknown",
      release: "unknown",
      commit: "unknown",
      since: "unknown",
    });
    expect(readDataAnswer(stdout)).toEqual({});
    expect(readSubnetsAnswer(stdout)).toEqual({});
  });
});
