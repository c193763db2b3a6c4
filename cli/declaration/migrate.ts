import { declare, jsonOption } from "./declaration.ts";

export const migrateCheck = declare({
  name: "migrate check",
  summary: "checks new migrations for what would break the running version, without a database",
  details: [
    "It reads migrations with the grammar of Postgres. It refuses what breaks or blocks the version that runs while",
    "the next one is deployed: what is dropped, renamed or newly required, changes of types and rows, long locks.",
    "Of a folder it checks the files that are new since --base, and refuses a merged migration that was changed or",
    "deleted. In a merge request of GitLab the base is known. A file is checked as it is, and `-` is stdin: pass",
    "there what a migration tool prints as SQL.",
    "A comment allows what a person has decided: -- slipway: allow drop-column: 2.3, its last reader, is gone",
    "With --stack it leaves out files with the comment -- slipway: skip-on <stack>.",
    "docs/data.md lists the rules, with the way for each.",
  ],
  examples: [
    "slipway migrate check --base origin/main backend/migrations",
    "alembic upgrade 1a2b:head --sql | slipway migrate check -",
  ],
  stack: "one",
  options: {
    base: { type: "string", value: "<commit>", summary: "the branch or commit with all merged migrations" },
    "lock-timeout": {
      type: "boolean",
      summary: "requires that each file which waits for a lock sets lock_timeout; slipway's own runs have a limit",
    },
    ...jsonOption,
  },
  words: { form: "<file, folder or -> …", completes: "file" },
});
