import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb.js";

/** Node's arguments for a program, from `runtime.options` of Pulumi.yaml. Unsupported options are errors. */
export function nodeArguments(info: ProgramInfo | undefined): string[] {
  const { typescript, nodeargs, ...others } = info?.getOptions()?.toJavaScript() ?? {};
  if (typescript !== false) {
    throw new Error(
      "runtime.options.typescript: the offline language host relies on Node's own TypeScript support, " +
        `got ${show(typescript ?? true)}; set it to false`,
    );
  }
  for (const [name, value] of Object.entries(others)) {
    throw new Error(
      `runtime.options.${name}: the offline language host does not support it, got ${show(value)}; ` +
        "remove it, or use the official one",
    );
  }
  if (nodeargs === undefined) return [];
  if (typeof nodeargs !== "string") throw new Error("nodeargs option must be a string");
  return words(nodeargs);
}

/** Splits a line into words as a shell does, with quotes and backslashes. */
function words(line: string): string[] {
  const found = line.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? [];
  return found.map((word) =>
    word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g, (_, double?: string, single?: string, escaped?: string) =>
      double === undefined ? (single ?? escaped ?? "") : double.replace(/\\(["\\])/g, "$1"),
    ),
  );
}

function show(value: unknown): string {
  return JSON.stringify(value);
}
