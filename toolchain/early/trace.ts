import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";

const mapSchema = z.object({
  version: z.number(),
  file: z.string(),
  sources: z.array(z.string()),
  sourcesContent: z.array(z.string()).default([]),
  names: z.array(z.string()),
  mappings: z.string(),
  sourceRoot: z.string().default(""),
});

const position = /(file:\/\/[^\s()]+\.mjs):(\d+):(\d+)/;

const maps = new Map<string, SourceMap>();

/** Makes stack traces name the lines of the sources, where they come from a bundle with a map beside it. */
export function traceToSources(): void {
  Error.prepareStackTrace = (error, calls) => {
    // The SDK asks for a trace with every resource, by an error without a message: to read maps would take too long.
    const trace = calls.map(String).map(error.message === "" ? (call) => call : inSource);
    return [String(error), ...trace].join("\n    at ");
  };
}

/** A line of a trace with the position in the source; as it is where no map tells that. */
export function inSource(call: string): string {
  return call.replace(position, (whole, url: string, line: string, column: string) => {
    try {
      return originOf(url, Number(line), Number(column)) ?? whole;
    } catch {
      return whole; // there is no map
    }
  });
}

function originOf(url: string, line: number, column: number): string | undefined {
  const file = fileURLToPath(url);
  const map = maps.get(file) ?? new SourceMap(mapSchema.parse(JSON.parse(readFileSync(`${file}.map`, "utf8"))));
  maps.set(file, map);
  const origin = map.findOrigin(line, column);
  if (!("fileName" in origin)) return undefined;
  const source = pathToFileURL(resolve(dirname(file), origin.fileName)).href;
  return `${source}:${origin.lineNumber}:${origin.columnNumber}`;
}
