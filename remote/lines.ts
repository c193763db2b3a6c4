import type { Readable } from "node:stream";

/**
 * Reads text line by line. Node's readline also ends a line at the separators U+2028 and U+2029, which JSON leaves as
 * they are: the name of a container could break an answer.
 */
export async function* linesOf(input: Readable): AsyncGenerator<string, undefined> {
  input.setEncoding("utf8");
  let rest = "";
  for await (const part of input) {
    const lines = (rest + String(part)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
  return undefined;
}
