"use strict";
/**
 * Makes programs start a quarter of a second faster. Pulumi's SDK always loads three packages that our programs hardly
 * ever use: TypeScript, npm's rules for package.json, and a reader of source maps, which it also asks for the source
 * line of every resource. The first two are now loaded on first use, the third is replaced by nothing.
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
  // Node strips types in place, so there is no source map to read.
  replaceModule(requireFromSdk.resolve("source-map-support"), { install() {} });
} catch {
  // The SDK is not installed, so there is nothing to speed up.
}

/** @param {string} file */
function loadOnFirstUse(file) {
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
    // The SDK reads __esModule while it loads; that must not load the module.
    get: (_, name) => (name === "__esModule" ? false : Reflect.get(load(), name)),
    /** @type {ProxyHandler<Function>["apply"]} */
    apply: (_, self, words) => Reflect.apply(load(), self, words),
  };
  replaceModule(file, new Proxy(function lazy() {}, traps));
}

/** @param {string} file @param {unknown} exports */
function replaceModule(file, exports) {
  require.cache[file] = Object.assign(new module.constructor(file), { filename: file, loaded: true, exports });
}
