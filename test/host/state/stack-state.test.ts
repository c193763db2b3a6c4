import { describe, expect, it } from "vitest";
import { StackState } from "../../../host/state/stack-state.ts";
import { testServer } from "../verbs/server.ts";

describe("the journal of a stack", () => {
  it("is cut to its last lines when it is twice as long, and no line is torn (SEC-C11)", () => {
    const state = new StackState(testServer().work("files").places);
    const write = (from: number, to: number): void => {
      for (let line = from; line <= to; line += 1) state.journal(`line ${line}`);
    };
    write(1, 20);
    state.shortenJournal(10);
    expect(state.journalLines(99)).toHaveLength(20);
    write(21, 21);
    state.shortenJournal(10);
    expect(state.journalLines(99)).toEqual(Array.from({ length: 10 }, (_, index) => `line ${index + 12}`));
    write(22, 22);
    expect(state.journalLines(1)).toEqual(["line 22"]);
  });
});
