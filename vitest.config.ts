import { defineConfig } from "vitest/config";
import { fullSeries } from "./test/real/series.ts";

// Nothing is proved by time: these limits only end what hangs, also on a machine that is busy with something else.
// Colours, which a terminal or CI may ask for, would stand in the texts that are compared.
const env = { FORCE_COLOR: "0" };
const patient = { testTimeout: 60_000, hookTimeout: 60_000, env };
/** Fast tests that put another module in the place of one, which the other files of the same process would get too. */
const replacesModules = "test/**/*.alone.test.ts";
const real = { testTimeout: 180_000, hookTimeout: 300_000, env, sequence: { concurrent: false } };

/** What is held against Docker Compose itself; the files of others, of which only some machines have a copy. */
const composeCases = ["cases", "contradictions", "property", "new"].map((name) => `test/compose-cases/${name}.test.ts`);

/**
 * Five suites: `fast` needs nothing but Node, `cases` the compose files of others and Docker Compose, `host` runs the
 * server's program on this machine, `conformance` the real engine, `real` test servers.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: ["test/host/**", "test/conformance/**", "test/real/**", replacesModules, ...composeCases],
          ...patient,
          // Loading the modules again for each file would take a third of the time.
          isolate: false,
        },
      },
      { test: { name: "fast-alone", include: [replacesModules], ...patient } },
      { test: { name: "cases", include: composeCases, ...patient } },
      // Whole verbs, with files and processes: too slow to be among the fast ones.
      { test: { name: "host", include: ["test/host/**/*.test.ts"], ...patient } },
      {
        test: {
          name: "conformance",
          include: ["test/conformance/**/*.test.ts"],
          globalSetup: "test/conformance/setup.ts",
          ...real,
        },
      },
      {
        test: {
          name: "real",
          include: ["test/real/**/*.test.ts"],
          // Only `npm run proof` has the time for all of them.
          exclude: fullSeries ? [] : ["test/real/**/*.proof.test.ts"],
          ...real,
        },
      },
    ],
    maxWorkers: 2,
    // A missing golden text fails, also outside of a CI job; `vitest -u` writes it.
    update: "none",
  },
});
