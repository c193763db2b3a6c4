/** A part of `npm run proof`, which ends within 45 minutes. */
export interface ProofPart {
  /** Filters of vitest: the test files of the part. */
  readonly tests: readonly string[];
  /** An expression for the titles of the tests that are the part's. @default all */
  readonly titles?: string;
  /** The user that deploys. @default "root" */
  readonly user?: "root" | "deploy";
  /** Stacks are deployed from the server itself, without SSH (E14). */
  readonly local?: true;
}

/** The folders that each part covers: a change in one of them makes a proof old. */
export const covered: readonly string[] = [
  "cli",
  "components",
  "config",
  "early-program.ts",
  "host",
  "index.ts",
  "model",
  "package-lock.json",
  "process",
  "registry",
  "remote",
  "secrets",
  "toolchain",
];

const up = [
  "test/real/stack/up",
  "test/real/stack/aaperture.test",
  "test/real/stack/collisions",
  "test/real/stack/plan",
  "test/real/stack/health",
  "test/real/stack/small-stacks",
  "test/real/stack/mounts",
  "test/real/stack/ports",
  "test/real/stack/jobs",
  "test/real/stack/look-in",
  "test/real/stack/operate",
  "test/real/stack/motovaultpro",
  "test/real/stack/progress",
];
const release = ["test/real/release/migration", "test/real/program/release"];
// Twelve kinds, five of each, with a deployment for each one.
const badReleases = ["test/real/release/bad-releases"];
// Fifty-six points of a first deploy alone take more than half an hour.
const killsFirst = { tests: ["test/real/stack/kills"], titles: "first deploy" };
const killsChanged = { tests: ["test/real/stack/kills"], titles: "changed deploy|two stacks" };

/** The long series by name, each with the tests that `npm test` takes samples of. */
export const proofParts: Readonly<Record<string, ProofPart>> = {
  up: { tests: up },
  "up-deploy": { tests: up, user: "deploy" },
  release: { tests: release },
  "release-deploy": { tests: release, user: "deploy" },
  "bad-releases": { tests: badReleases },
  // Alone, since what else runs on the machine would be in the times that it prints.
  switches: { tests: ["test/real/switches"] },
  "kills-release": { tests: ["test/real/program/release/rollout-kill"] },
  "kills-first": killsFirst,
  "kills-first-deploy": { ...killsFirst, user: "deploy" },
  "kills-changed": killsChanged,
  "kills-changed-deploy": { ...killsChanged, user: "deploy" },
  local: { tests: ["test/real/local"] },
  "stack-local": {
    tests: ["test/real/stack/aaperture.test", "test/real/stack/small-stacks", "test/real/drift"],
    local: true,
  },
  "kills-local": { ...killsChanged, local: true },
  session: { tests: ["test/real/session"] },
  data: { tests: ["test/real/stack/data-guard", "test/real/stack/guard", "test/real/stack/state-lost"] },
  adopt: { tests: ["test/real/adoption", "test/real/stack/adoption"] },
  deployments: { tests: ["test/real/deployment"] },
  drift: { tests: ["test/real/drift"] },
  secrets: { tests: ["test/real/secrets", "test/real/stack/canary", "test/real/stack/agent"] },
  program: { tests: ["test/real/program", "test/real/compose"] },
  servers: {
    tests: ["test/real/servers", "test/real/shells", "test/real/stack/bad-server", "test/real/stack/names"],
  },
  registry: { tests: ["test/real/registry"] },
  new: { tests: ["test/real/new"] },
  pipeline: { tests: ["test/real/ci", "test/real/examples", "test/real/stack/protected"] },
};
