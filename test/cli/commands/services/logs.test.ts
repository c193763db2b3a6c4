import { afterEach, describe, expect, it, vi } from "vitest";
import { LogPrinter, readLogsWish } from "../../../../cli/commands/services/logs.ts";

afterEach(() => vi.restoreAllMocks());

const wish = (options: Parameters<typeof readLogsWish>[0]["options"], words: string[] = [], CI = "") =>
  readLogsWish({ options, words, environment: { CI } });

describe("slipway logs", () => {
  it("asks for the last 100 lines of everything, and follows nothing", () => {
    expect(wish({})).toEqual({ services: [], follow: false, tail: 100, mask: false });
  });

  it.each([
    [{ tail: "7" }, { tail: 7 }],
    [{ tail: "all" }, {}],
    [{ since: "15m" }, { ago: 900 }],
    [
      { since: "2d", tail: "5" },
      { ago: 172_800, tail: 5 },
    ],
    [{ since: "2026-11-30T12:00:00Z" }, { since: 1_796_040_000 }],
    [
      { release: "1.4", colour: "green" },
      { tail: 100, release: "1.4", colour: "green" },
    ],
  ])("reads %j", (options, expected) => {
    expect(wish(options)).toEqual({ services: [], follow: false, mask: false, ...expected });
  });

  it("asks for each service once, and in CI for lines without secrets", () => {
    expect(wish({ follow: true }, ["api", "db", "api"], "true")).toMatchObject({ services: ["api", "db"], mask: true });
  });

  it.each([
    [{ tail: "-1" }, "--tail: is no number of lines, got '-1'; use 100, or all"],
    [{ since: "yesterday" }, "--since: is no time, got 'yesterday'; use 30s, 15m, 2h or 1d, or 2026-11-30T12:00:00Z"],
    [{ colour: "red" }, "--colour: is no colour, got 'red'; use blue or green"],
  ])("rejects %j", (options, message) => {
    expect(() => wish(options)).toThrow(message);
  });

  it("prints each line behind the name of its container, and slipway's own to stderr", () => {
    const said = { out: "", err: "" };
    vi.spyOn(process.stdout, "write").mockImplementation((text) => (said.out += String(text)) !== "");
    vi.spyOn(process.stderr, "write").mockImplementation((text) => (said.err += String(text)) !== "");
    const printer = new LogPrinter(false, false);
    printer.print({ from: "postgres", time: "", text: "ready" });
    printer.print({ from: "api-2", time: "", text: "\x1b[32mGET /\x1b[0m" });
    printer.print({ from: "", time: "", text: "1.5 in green serves from now on" });
    new LogPrinter(true, true).print({ from: "api", time: "2026-11-30T12:00:00.1Z", text: "x" });
    expect(said).toEqual({
      out: "postgres | ready\napi-2    | GET /\n\x1b[36mapi |\x1b[39m 2026-11-30T12:00:00.1Z x\n",
      err: "slipway: 1.5 in green serves from now on\n",
    });
  });
});
