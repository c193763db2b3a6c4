import type { Source, Tool } from "../tool.ts";

const running: Source = {
  name: "the Node that runs this",
  forecast: "",
  present: () =>
    Promise.resolve({ origin: "found", detail: process.execPath, version: process.versions.node, commands: {} }),
  obstacle: () => Promise.resolve("it is always there"),
  obtain: () => Promise.reject(new Error("Node runs already")),
};

/** Runs the programs, the plugins and the tests; toolchain/install.sh brings it with the other npm packages. */
export const node: Tool = {
  name: "node",
  version: "24.0.0",
  check: [],
  sources: [running],
  remedy: "run this through npm, which uses the Node of the lock file",
};
