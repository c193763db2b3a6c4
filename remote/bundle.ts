import { join } from "node:path";

/**
 * Bundles the host program of a checkout into the text of one file, which needs nothing but Node. CommonJS starts in
 * 70 ms where a module takes 120: Node reads every export of each of its own modules that a module imports. A test has
 * another entry, which runs the same program and stops it in its middle.
 */
export async function bundleProgram(checkout: string, entry = join(checkout, "host", "start.ts")): Promise<string> {
  // Loaded here, so that only a run that bundles waits for the bundler.
  const { build } = await import("rolldown");
  const { output } = await build({
    input: entry,
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
