import { describe, expect, it, test } from "vitest";
import { readDataAnswer, readRolloutAnswer } from "../../../model/facts/answer.ts";

const live = { colour: "blue", release: "1.0.0", since: "2026-01-01T00:00:00Z" };
const data = { "data shop_pgdata": "postgres machine-1 7301", "data shop_files": "files machine-1 " };

describe("the answer of a verb", () => {
  it("tells the live release in its last line", () => {
    const answer = JSON.stringify({ verb: "rollout", outcome: "applied", ...live });
    expect(readRolloutAnswer(`something before\n${answer}\n`)).toEqual(live);
  });

  it("tells the remembered data of each volume", () => {
    expect(readDataAnswer(JSON.stringify({ verb: "compose", ...data }))).toEqual({
      shop_pgdata: { service: "postgres", machine: "machine-1", cluster: "7301" },
      shop_files: { service: "files", machine: "machine-1", cluster: "" },
    });
  });

  test.each(["", "no JSON", "[]", '{"colour":"blue"}', '{"colour":1,"release":"1","since":""}'])(
    "tells nothing if it is %j",
    (stdout) => {
      expect(readRolloutAnswer(stdout)).toEqual({ colour: "unknown", release: "unknown", since: "unknown" });
      expect(readDataAnswer(stdout)).toEqual({});
    },
  );
});
