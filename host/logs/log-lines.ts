import { Buffer } from "node:buffer";

/** A line that a container printed. */
export interface ContainerLine {
  /** As the engine writes it, to the nanosecond, so that times compare as texts. */
  readonly time: string;
  readonly text: string;
}

/** Bytes of a line that are kept; of a longer one the rest is counted. */
const mostBytes = 64 * 1024;

/** The bytes before each message: which stream it is of, and its length. */
const head = 8;

const timed = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) /;

/**
 * The lines in the engine's answer for a log with times. The engine cuts long lines into messages, and puts the time
 * before each; with a terminal there are no heads, and both streams are one.
 */
export async function* linesIn(input: AsyncIterable<Buffer>, terminal: boolean): AsyncGenerator<ContainerLine> {
  if (terminal) {
    yield* terminalLines(input);
    return;
  }
  const lines = [new UnendedLine(), new UnendedLine(), new UnendedLine()];
  for await (const { stream, message } of messagesIn(input)) {
    const line = lines[stream] ?? lines[1];
    const [whole = "", time = ""] = timed.exec(message.toString("latin1", 0, 64)) ?? [];
    const ended = line?.add(time, message.subarray(whole.length));
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

async function* messagesIn(input: AsyncIterable<Buffer>) {
  let rest = Buffer.alloc(0);
  for await (const part of input) {
    rest = rest.length === 0 ? Buffer.from(part) : Buffer.concat([rest, part]);
    let at = 0;
    while (rest.length - at >= head && rest.length - at - head >= rest.readUInt32BE(at + 4)) {
      const end = at + head + rest.readUInt32BE(at + 4);
      yield { stream: rest[at] ?? 1, message: rest.subarray(at + head, end) };
      at = end;
    }
    rest = rest.subarray(at);
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
