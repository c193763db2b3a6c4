import { exitCodes } from "../exit-code.ts";
import { declare, jsonOption } from "./declaration.ts";

const withoutPulumi = "It asks the server over SSH. It needs neither Pulumi's state nor its passphrase.";

const why = { type: "string", value: "<text>", summary: "the reason, for the record and for other people" } as const;

export const status = declare({
  name: "status",
  summary: "shows what runs, how healthy it is, what is held, and the command that goes back",
  details: [
    "Without --stack it shows each stack of the project that has a stack file. It names the other stacks on the same",
    "servers. A server that does not answer is one line.",
    withoutPulumi,
    "It changes nothing and waits for nobody. A key that can only observe is enough, in SSH_OBSERVE_KEY.",
    `The exit code is ${exitCodes.done} if everything is well, and ${exitCodes.unwell} if a service is unhealthy, a`,
    "release is held, or a server does not answer.",
  ],
  examples: ["slipway status", "slipway status --stack production --json"],
  stack: "many",
  options: jsonOption,
  exits: ["unwell"],
});

export const releases = declare({
  name: "releases",
  summary: "lists the runs of a stack with their releases, and to which of them one can go back",
  details: [
    "The newest run is first. For a release to which one cannot go back it says why: it serves already, it is held,",
    "or the database has another schema.",
    withoutPulumi,
  ],
  examples: ["slipway releases --stack production"],
  stack: "one",
  options: jsonOption,
});

export const rollback = declare({
  name: "rollback",
  summary: "deploys an earlier release again, from the record of its deployment",
  details: [
    "Without --to it is the verified release before the one that serves. The record has its images, commit and schema,",
    "so no file of that release is needed. It runs `slipway up` with that release: gate, switch and watch are those of",
    "every deployment, the configuration is that of now, and no migration runs.",
    "It refuses a release that is held, was never verified or serves already, and one that does not work with the",
    "schema of the database. `slipway releases` lists all of them. All other words are passed on to Pulumi.",
    "docs/rollout.md explains the ways back.",
  ],
  examples: ["slipway rollback --stack production", "slipway rollback --stack production --to 1.4.1 --yes"],
  stack: "one",
  options: {
    to: { type: "string", value: "<release>", summary: "the version of the release, or the run that verified it" },
    preview: { type: "boolean", summary: "only shows what it would change" },
    "schema-compatible": {
      type: "boolean",
      summary: "you know that the release works with the database, although its document names no schema",
    },
  },
  pulumi: {
    command: "up",
    options: { yes: { type: "boolean", short: "y", summary: "does not ask for confirmation" } },
  },
});

export const switchBack = declare({
  name: "switch-back",
  summary: "sends the traffic to the warm release at once, and holds the release that is left",
  details: [
    "The server checks the warm release first, and changes nothing if it is not healthy. The release that is left is",
    "kept for examination until the next one takes its place. No `up` deploys it again before `slipway resume`.",
    withoutPulumi,
  ],
  examples: ["slipway switch-back --stack production --why 'orders fail'"],
  stack: "one",
  options: { why, ...jsonOption },
});

export const resume = declare({
  name: "resume",
  summary: "lets a held release be deployed again",
  details: ["Without a version it is the only release that is held. It deploys nothing.", withoutPulumi],
  examples: ["slipway resume --stack production", "slipway resume 1.4.2 --stack production --why 'fixed the proxy'"],
  stack: "one",
  options: { why, ...jsonOption },
  words: { form: "[<release>]" },
});
