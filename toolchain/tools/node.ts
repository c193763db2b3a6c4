import type { Source, Tool } from "../tool.ts";

const running: Source = {
  name: "the running Node",
  forecast: "",
  present: () =>
    Promise.resolve({ origin: "found", detail: process.execPath, version: process.versions.node, commands: {} }),
  obstacle: () => Promise.resolve("it is always present"),
  obtain: () => Promise.reject(new Error("Node is always present")),
};

/** Runs the programs, plugins and tests. toolchain/install.sh installs it with the other npm packages. */
export const node: Tool = {
  name: "node",
  version: "24.0.0",
  check: [],
  sources: [running],
  remedy: "run this through npm, which uses the Node of the lock file",
};
