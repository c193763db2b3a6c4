import { describe, expect, it } from "vitest";
import { errorAnswers } from "../../../host/records/proxy-log.ts";

const from = new Date("2026-12-01T01:00:00.000Z");
const to = new Date("2026-12-01T01:00:05.000Z");

function line(at: string, status: number): string {
  return JSON.stringify({ StartUTC: at, DownstreamStatus: status, level: "info", msg: "", time: at });
}

describe("the proxy's answers with an error", () => {
  it("are those of the time in question", () => {
    const log = [
      line("2026-12-01T00:59:59.999999999Z", 502),
      line("2026-12-01T01:00:00.000000001Z", 502),
      line("2026-12-01T01:00:02.5Z", 503),
      line("2026-12-01T01:00:03Z", 499),
      line("2026-12-01T02:00:04+01:00", 500),
      line("2026-12-01T01:00:05.001Z", 502),
    ].join("\n");
    expect(errorAnswers(log, from, to)).toBe(3);
  });

  it("are no other lines, whatever a client puts into one", () => {
    const log = [
      "2026-12-01T01:00:01Z ERR DownstreamStatus=502",
      '{"StartUTC":"2026-12-01T01:00:01Z"',
      '{"StartUTC":"2026-12-01T01:00:01Z","DownstreamStatus":"502"}',
      '{"StartUTC":"now","DownstreamStatus":502}',
      "[]",
      "null",
      "",
    ].join("\n");
    expect(errorAnswers(log, from, to)).toBe(0);
  });
});
