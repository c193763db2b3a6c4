import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { checkout } from "../../toolchain/paths.ts";

/** The value of an expression in a Node process that has loaded Pulumi's SDK as a program does. */
function afterSdk(expression: string): unknown {
  const script = `require("@pulumi/pulumi"); require("source-map-support/register");
    process.stdout.write(JSON.stringify(${expression}));`;
  const options = { cwd: checkout, env: toolEnvironment(), encoding: "utf8" } as const;
  return JSON.parse(execFileSync("node", ["-e", script], options));
}

const loaded = `Object.keys(require.cache).flatMap((file) =>
  /(typescript|spdx-[a-z]+|source-map)[/]/.exec(file) ?? [])`;

test("a program starts without loading TypeScript, npm's rules for package.json, or source maps", () => {
  expect(afterSdk(`[${loaded}, Error.prepareStackTrace]`)).toEqual([[], null]);
});

test("a module that was not loaded at the start is loaded on first use", () => {
  const typescript = `require("@pulumi/pulumi/typescript-shim").SyntaxKind.EndOfFileToken ===
    require("typescript").SyntaxKind.EndOfFileToken`;
  const normalize = `(() => {
    const data = { name: "x", version: "v1.0.0" };
    require("normalize-package-data")(data);
    return data.version;
  })()`;
  expect(afterSdk(`[${typescript}, ${normalize}]`)).toEqual([true, "1.0.0"]);
});

test("existing NODE_OPTIONS stay, and ours are added once", () => {
  const once = toolEnvironment({ NODE_OPTIONS: "--max-old-space-size=900" })["NODE_OPTIONS"];
  expect(once).toMatch(/^--max-old-space-size=900 --require="[^"]+sdk-start\.cjs"$/);
  expect(toolEnvironment({ NODE_OPTIONS: once })["NODE_OPTIONS"]).toBe(once);
});
