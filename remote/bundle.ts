import { join } from "node:path";

/**
 * Bundles the host program of a checkout into the text of one file, which needs nothing but Node. CommonJS starts in
 * 70 ms where a module takes 120: Node reads every export of each of its own modules that a module imports. A test has
 * another entry, which runs the same program and stops it in its middle.
 */
export async function bundleProgram(checkout: string, entry = join(checkout, "host", "start.ts")): Promise<string> {
  const program = await bundled(checkout, entry);
  const start = await bundled(checkout, join(checkout, "host", "compiled.ts"));
  // Node keeps a text in half the room if it is ASCII, and reads it faster.
  return escaped(`function program(exports, require, module, __filename) {${program}}\n${start}`);
}

async function bundled(checkout: string, input: string): Promise<string> {
  // Loaded here, so that only a run that bundles waits for the bundler.
  const { build } = await import("rolldown");
  const { output } = await build({
    input,
    cwd: checkout,
    platform: "node",
    write: false,
    logLevel: "silent",
    // Names of modules are paths, which differ from machine to machine; the same sources make the same program.
    experimental: { attachDebugInfo: "none" },
    // Lines and names stay as they are written, so that a stack trace from a server can be read.
    output: {
      format: "cjs",
      codeSplitting: false,
      comments: false,
      minify: { compress: true, mangle: false, codegen: { removeWhitespace: false } },
    },
  });
  return `${output[0].code.trimEnd()}\n`;
}

/** Letters beyond ASCII stand only in strings and patterns, which can hold their escapes. */
function escaped(text: string): string {
  return text.replaceAll(/[^\x00-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
