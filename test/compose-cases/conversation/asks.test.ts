import { describe, expect, test } from "vitest";
import { changedTrial, comparisonOfTrial, type Change } from "../compare/trial.ts";
import { asksOf, reachedServices } from "./asks.ts";
import { playersOf } from "./player.ts";

/** The questions of one service of the trial, in lines such as `db 5432/tcp: db`. */
function asked(from: string, ...changes: readonly Change[]): string[] {
  const comparison = comparisonOfTrial(changedTrial(changes));
  const asks = asksOf(comparison, playersOf(comparison, [])).get(from) ?? [];
  return asks.map(({ name, number, protocol, expected }) =>
    `${name} ${number}/${protocol}: ${expected.join(" ")}`.trim(),
  );
}

describe("the questions that services ask each other", () => {
  test("are by every name and port, and say who answers by the original file", () => {
    expect(asked("api")).toEqual([
      "db 5432/tcp: db",
      "db 7001/tcp: db",
      "api 8080/tcp: api",
      "api 7002/tcp: api",
      "backend 8080/tcp: api",
      "backend 7002/tcp: api",
    ]);
  });

  test("leave out what nobody knows of a release service, for which the proxy answers", () => {
    expect(asked("db")).toEqual(["db 5432/tcp: db", "db 7001/tcp: db", "api 8080/tcp: api", "backend 8080/tcp: api"]);
  });

  test("expect nobody where the file has no common network", () => {
    const apart: Change = ["original", "services/api/networks", { front: null }];
    expect(asked("api", apart)).toContain("db 5432/tcp:");
    expect(asked("db", apart)).toContain("api 8080/tcp:");
  });

  test("are not for jobs, which have ended", () => {
    const job: Change = ["original", "services/db/restart", "no"];
    const noPort: Change = ["original", "services/db/ports", undefined];
    expect(asked("api", job, noPort).filter((line) => line.startsWith("db"))).toEqual([]);
    expect(asked("db", job, noPort)).toEqual([]);
  });

  test("at addresses are answered by who shares a network alone", () => {
    const together = comparisonOfTrial(changedTrial([]));
    expect(reachedServices(together, "db").has("api")).toBe(true);
    const apart = comparisonOfTrial(changedTrial([["original", "services/api/networks", { front: null }]]));
    expect(reachedServices(apart, "db").has("api")).toBe(false);
  });
});
