"use strict";
/**
 * Makes programs start half a second faster. Pulumi's SDK always loads what our programs hardly ever use: TypeScript,
 * npm's rules for package.json, its automation API, the tracing of calls, a debugger's session for the functions of
 * dynamic providers, and a reader of source maps, which it also asks for the source line of every resource. The last is
 * replaced by nothing, the others are loaded on first use.
 * `toolEnvironment` names this file in NODE_OPTIONS, so it must do nothing in other processes, and run on any Node.
 */
const { createRequire } = require("node:module");
const { join } = require("node:path");

// The SDK of this checkout, which its programs use.
const sdk = join(__dirname, "..", "node_modules", "@pulumi", "pulumi");

try {
  const requireFromSdk = createRequire(join(sdk, "package.json"));
  loadOnFirstUse(join(sdk, "typescript-shim.js"));
  loadOnFirstUse(requireFromSdk.resolve("normalize-package-data"));
  loadOnFirstUse(join(sdk, "automation", "index.js"), { __esModule: true });
  // Each program asks for one span, and for the session to be ready; both mean nothing until something else is used.
  /** @param {string} name */
  const untraced = (name) => requireFromSdk("@opentelemetry/api").trace.getTracer("nodejs-runtime").startSpan(name);
  loadOnFirstUse(join(sdk, "cmd", "run", "tracing.js"), { __esModule: true, newSpan: untraced });
  const closures = join(sdk, "runtime", "closure", "v8Hooks.js");
  loadOnFirstUse(closures, { __esModule: true, isInitializedAsync: () => Promise.resolve() });
  // Node strips types in place, so there is no source map to read.
  replaceModule(requireFromSdk.resolve("source-map-support"), { install() {} });
} catch {
  // The SDK is not installed, so there is nothing to speed up.
}

/**
 * @param {string} file
 * @param {Record<string, unknown>} before what the SDK reads while it starts, which must not load the module
 */
function loadOnFirstUse(file, before = { __esModule: false }) {
  /** @type {Record<string, unknown> & Function | undefined} */
  let real;
  const load = () => {
    if (real === undefined) {
      delete require.cache[file];
      real = require(file);
    }
    return real;
  };
  const traps = {
    /** @type {ProxyHandler<Function>["get"]} */
    get: (_, name) => (real === undefined && name in before ? before[name] : Reflect.get(load(), name)),
    /** @type {ProxyHandler<Function>["apply"]} */
    apply: (_, self, words) => Reflect.apply(load(), self, words),
  };
  replaceModule(file, new Proxy(function lazy() {}, traps));
}

/** @param {string} file @param {unknown} exports */
function replaceModule(file, exports) {
  require.cache[file] = Object.assign(new module.constructor(file), { filename: file, loaded: true, exports });
}
