import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { checkout } from "../../toolchain/paths.ts";

/** The value of an expression in a Node process that has loaded Pulumi's SDK as a program does. */
function afterSdk(expression: string): unknown {
  const script = `require("@pulumi/pulumi"); require("source-map-support/register");
    Promise.resolve(${expression}).then((value) => process.stdout.write(JSON.stringify(value)));`;
  const options = { cwd: checkout, env: toolEnvironment(), encoding: "utf8" } as const;
  return JSON.parse(execFileSync("node", ["-e", script], options));
}

const run = "@pulumi/pulumi/cmd/run";
const loaded = `Object.keys(require.cache).flatMap((file) =>
  /(typescript|spdx-[a-z]+|source-map|sdk-trace-[a-z]+)[/]|localWorkspace/.exec(file) ?? [])`;

test("a program starts without loading TypeScript, npm's rules, the automation API, tracing or source maps", () => {
  const untraced = `require("${run}/tracing").newSpan("x").isRecording()`;
  expect(afterSdk(`[${untraced}, ${loaded}, Error.prepareStackTrace]`)).toEqual([false, [], null]);
});

test("a program starts without a debugger's session, which it waits for", () => {
  const closures = `require("@pulumi/pulumi/runtime/closure/v8Hooks")`;
  const isThere = `process.moduleLoadList.includes("NativeModule inspector")`;
  expect(afterSdk(`${closures}.isInitializedAsync().then(() => ${isThere})`)).toBe(false);
});

test("a module that was not loaded at the start is loaded on first use", () => {
  const typescript = `require("@pulumi/pulumi/typescript-shim").SyntaxKind.EndOfFileToken ===
    require("typescript").SyntaxKind.EndOfFileToken`;
  const normalize = `(() => {
    const data = { name: "x", version: "v1.0.0" };
    require("normalize-package-data")(data);
    return data.version;
  })()`;
  const automation = `typeof require("@pulumi/pulumi").automation.LocalWorkspace.create`;
  const session = `typeof require("@pulumi/pulumi/runtime/closure/v8Hooks").getScriptUrl`;
  const tracing = `typeof require("${run}/tracing").start`;
  const all = [typescript, normalize, automation, session, tracing];
  expect(afterSdk(`[${all.join(", ")}]`)).toEqual([true, "1.0.0", "function", "function", "function"]);
});

test("existing NODE_OPTIONS stay, and ours are added once", () => {
  const once = toolEnvironment({ NODE_OPTIONS: "--max-old-space-size=900" })["NODE_OPTIONS"];
  expect(once).toMatch(/^--max-old-space-size=900 --require="[^"]+sdk-start\.cjs"$/);
  expect(toolEnvironment({ NODE_OPTIONS: once })["NODE_OPTIONS"]).toBe(once);
});
