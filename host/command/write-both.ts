import type { Buffer } from "node:buffer";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { messagesIn } from "../docker/output-messages.ts";

/**
 * Writes the output of a command to this process's stdout and stderr, to its end and no faster than they are read. With
 * a terminal all of it is stdout.
 */
export async function writeBoth(input: Readable, terminal: boolean): Promise<void> {
  const outputs = [process.stdout, process.stderr];
  for (const output of outputs) output.on("error", () => undefined); // EPIPE: nobody is there
  const parts: AsyncIterable<Buffer> = input; // without an encoding
  try {
    if (terminal) for await (const part of parts) await write(process.stdout, part);
    else
      for await (const { stream, bytes } of messagesIn(parts))
        await write(stream === 2 ? process.stderr : process.stdout, bytes);
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
