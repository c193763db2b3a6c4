import { Buffer } from "node:buffer";

/** A piece of a container's output. */
interface OutputMessage {
  /** 1 is stdout, 2 is stderr. */
  readonly stream: number;
  readonly bytes: Buffer;
}

/** Bytes before each message: which stream it is of, and its length. */
const head = 8;

/** The messages in an answer of the engine with the output of a container or a command that has no terminal. */
export async function* messagesIn(input: AsyncIterable<Buffer>): AsyncGenerator<OutputMessage> {
  let rest = Buffer.alloc(0);
  for await (const part of input) {
    rest = rest.length === 0 ? Buffer.from(part) : Buffer.concat([rest, part]);
    let at = 0;
    while (rest.length - at >= head && rest.length - at - head >= rest.readUInt32BE(at + 4)) {
      const end = at + head + rest.readUInt32BE(at + 4);
      yield { stream: rest[at] ?? 1, bytes: rest.subarray(at + head, end) };
      at = end;
    }
    rest = rest.subarray(at);
  }
}
