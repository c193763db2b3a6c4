"use strict";
/**
 * Spares each program a quarter of a second of Pulumi's SDK, which loads with every program what ours never uses: TypeScript, npm's rules for package.json, and a
 * reader of source maps that it then asks for the place of every resource. The first two are loaded when something of them is used. `toolEnvironment` names this
 * file in NODE_OPTIONS, so it must do nothing in any other process, and run on any Node.
 */
const { createRequire } = require("node:module");
const { join } = require("node:path");

const sdk = join(__dirname, "..", "node_modules", "@pulumi", "pulumi");

try {
  const ofSdk = createRequire(join(sdk, "package.json"));
  loadLate(join(sdk, "typescript-shim.js"));
  loadLate(ofSdk.resolve("normalize-package-data"));
  // Node strips types in place, so there is no source map to read.
  standIn(ofSdk.resolve("source-map-support"), { install() {} });
} catch {
  // Without the SDK there is nothing to spare.
}

/** @param {string} file */
function loadLate(file) {
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
    get: (_, name) => (name === "__esModule" ? false : Reflect.get(load(), name)), // asked while the SDK loads
    /** @type {ProxyHandler<Function>["apply"]} */
    apply: (_, self, words) => Reflect.apply(load(), self, words),
  };
  standIn(file, new Proxy(function late() {}, traps));
}

/** @param {string} file @param {unknown} exports */
function standIn(file, exports) {
  require.cache[file] = Object.assign(new module.constructor(file), { filename: file, loaded: true, exports });
}
