import { Buffer } from "node:buffer";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

/** Bytes before each message: which output it is of, and its length. */
const head = 8;

/**
 * Writes what comes from a command to this process's two outputs, to its end and no faster than they are read. With a
 * terminal there is one output, as it is.
 */
export async function writeBoth(input: Readable, terminal: boolean): Promise<void> {
  const outputs = [process.stdout, process.stderr];
  for (const output of outputs) output.on("error", () => undefined); // EPIPE: nobody is there
  const parts: AsyncIterable<Buffer> = input; // without an encoding
  let rest = Buffer.alloc(0);
  try {
    for await (const part of parts) {
      if (terminal) {
        await write(process.stdout, part);
        continue;
      }
      rest = Buffer.concat([rest, part]);
      while (rest.length >= head && rest.length - head >= rest.readUInt32BE(4)) {
        const end = head + rest.readUInt32BE(4);
        await write(rest[0] === 2 ? process.stderr : process.stdout, rest.subarray(head, end));
        rest = rest.subarray(end);
      }
    }
  } catch (error) {
    if (error instanceof ReaderLeft || !input.destroyed) throw error;
  }
  for (const output of outputs) await new Promise<void>((resolve) => void output.write("", () => resolve()));
}

/** Nobody reads the output of a command any more. */
export class ReaderLeft extends Error {
  override readonly name = "ReaderLeft";
}

async function write(output: Writable, bytes: Uint8Array): Promise<void> {
  if (!output.writable) throw new ReaderLeft("the reader of the output has left");
  if (output.write(bytes)) return;
  await Promise.race([once(output, "drain"), once(output, "close")]).catch(() => undefined);
}
