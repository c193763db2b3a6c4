import { Buffer } from "node:buffer";
import { messagesIn } from "../docker/output-messages.ts";

/** A line that a container printed. */
export interface ContainerLine {
  /** As the engine writes it, to the nanosecond, so that times compare as texts. */
  readonly time: string;
  readonly text: string;
}

/** The most bytes of a line that are kept; the rest is counted. */
const mostBytes = 64 * 1024;

const timed = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) /;

/**
 * The lines in the engine's answer for a log with times. The engine cuts long lines into messages, and puts the time
 * before each. With a terminal there are no messages, and both streams are one.
 */
export async function* linesIn(input: AsyncIterable<Buffer>, terminal: boolean): AsyncGenerator<ContainerLine> {
  if (terminal) {
    yield* terminalLines(input);
    return;
  }
  const lines = [new UnendedLine(), new UnendedLine(), new UnendedLine()];
  for await (const { stream, bytes } of messagesIn(input)) {
    const line = lines[stream] ?? lines[1];
    const [whole = "", time = ""] = timed.exec(bytes.toString("latin1", 0, 64)) ?? [];
    const ended = line?.add(time, bytes.subarray(whole.length));
    if (ended !== undefined) yield ended;
  }
  for (const line of lines) if (!line.isEmpty) yield line.end();
}

/** A line of which the end has not come yet. */
class UnendedLine {
  #time = "";
  #parts: Buffer[] = [];
  #size = 0;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** Adds bytes, and returns the line if they are its last. */
  add(time: string, bytes: Buffer): ContainerLine | undefined {
    if (this.#time === "") this.#time = time;
    const isLast = bytes.at(-1) === 10;
    const more = isLast ? bytes.subarray(0, -1) : bytes;
    if (this.#size < mostBytes) this.#parts.push(more.subarray(0, mostBytes - this.#size));
    this.#size += more.length;
    return isLast ? this.end() : undefined;
  }

  end(): ContainerLine {
    const text = Buffer.concat(this.#parts).toString("utf8").replace(/\r$/, "");
    const lost = this.#size - mostBytes;
    const line = { time: this.#time, text: lost > 0 ? `${text}… and ${lost} bytes more` : text };
    this.#time = "";
    this.#parts = [];
    this.#size = 0;
    return line;
  }
}

async function* terminalLines(input: AsyncIterable<Buffer>): AsyncGenerator<ContainerLine> {
  const line = new UnendedLine();
  for await (const part of input) {
    for (let at = 0; at < part.length;) {
      const end = part.indexOf(10, at) + 1 || part.length;
      const ended = line.add("", part.subarray(at, end));
      if (ended !== undefined) yield withoutTime(ended);
      at = end;
    }
  }
  if (!line.isEmpty) yield withoutTime(line.end());
}

function withoutTime({ text }: ContainerLine): ContainerLine {
  const [whole = "", time = ""] = timed.exec(text) ?? [];
  return { time, text: text.slice(whole.length) };
}
