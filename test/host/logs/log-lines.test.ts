import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { linesIn } from "../../../host/logs/log-lines.ts";
import { mergeByTime } from "../../../host/logs/merge.ts";

const at = (second: number): string => `2026-11-30T12:00:0${second}.000000000Z`;

/** A message of the engine, on stdout or stderr. */
function message(text: string | Buffer, time = at(1), stream = 1): Buffer {
  const body = Buffer.concat([Buffer.from(`${time} `), Buffer.from(text)]);
  const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

async function* parts(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.subarray(from, from + size));
}

async function read(bytes: Buffer, { size = 7, terminal = false } = {}) {
  const lines = [];
  for await (const { time, text } of linesIn(parts(bytes, size), terminal)) lines.push(`${time.slice(17, 19)} ${text}`);
  return lines;
}

describe("the lines of a log", () => {
  it.each([1, 7, 4096])("come whole, however the engine's answer is cut: %i bytes at a time", async (size) => {
    const bytes = Buffer.concat([message("one\n"), message("two ö\r\n", at(2), 2), message("no end", at(3))]);
    expect(await read(bytes, { size })).toEqual(["01 one", "02 two ö", "03 no end"]);
  });

  it("are whole where the engine cuts a long one, also within a letter", async () => {
    const [first, second] = [Buffer.from("a漢").subarray(0, 2), Buffer.from("a漢b\n").subarray(2)];
    expect(await read(Buffer.concat([message(first), message(second, at(2))]))).toEqual(["01 a漢b"]);
  });

  it("of both outputs do not mix within a line", async () => {
    const bytes = Buffer.concat([message("out"), message("err\n", at(2), 2), message("put\n", at(3))]);
    expect(await read(bytes)).toEqual(["02 err", "01 output"]);
  });

  it("that are endless are cut, and the rest is counted", async () => {
    const long = Buffer.alloc(100_000, "x");
    const [line = ""] = await read(Buffer.concat([message(long), message("y\n")]), { size: 65_536 });
    expect(line.slice(0, 5)).toBe("01 xx");
    expect(line).toMatch(/x… and 34465 bytes more$/);
  });

  it("of a terminal have no heads", async () => {
    const bytes = Buffer.from(`${at(1)} one\r\n${at(2)} \x01\xff two\r\n`);
    expect(await read(bytes, { terminal: true })).toEqual(["01 one", "02 \x01ÿ two"]);
  });

  it("of several containers come in the order of their times", async () => {
    const source = async function* (name: string, ...seconds: number[]) {
      for (const second of seconds) yield await Promise.resolve({ time: at(second), name });
    };
    const merged = [];
    for await (const { time, name } of mergeByTime([source("a", 1, 4, 5), source("b"), source("c", 2, 3, 6)]))
      merged.push(`${time.slice(18, 19)}${name}`);
    expect(merged.join(" ")).toBe("1a 2c 3c 4a 5a 6c");
  });
});
