import { declare, type Options } from "./declaration.ts";

const ofKeys = [
  "The key that opens the servers comes from SSH_PRIVATE_KEY: the key, base64 of it, or the path of a file with it.",
  "Slipway loads it into an ssh-agent of this run. Without the variable, the environment's own agent is used.",
];

const ofState = [
  "It first releases a lock of the stack's state whose holder is provably dead. It refuses a damaged state, and names",
  "the copy to restore.",
  "Ctrl-C stops at the next safe point, a second Ctrl-C at once.",
];

const json = { type: "boolean", short: "j", summary: "prints Pulumi's result as JSON" } as const;
const yes = { type: "boolean", short: "y", summary: "asks nothing" } as const;

/** Options of all four operations of Pulumi. */
const ofAll = {
  target: { type: "string", short: "t", value: "<urn>", summary: "only this resource" },
  json,
} as const satisfies Options;

const diff = { type: "boolean", summary: "shows each change field by field" } as const;
const message = { type: "string", short: "m", value: "<text>", summary: "a message for the stack's history" } as const;

export const up = declare({
  name: "up",
  summary: "makes the servers as the stack declares",
  details: [
    ...ofKeys,
    ...ofState,
    "A saved plan is carried out as it is: if anything moved since, nothing is changed, and what moved is named. The",
    "option replaces Pulumi's own of that name, whose plans know nothing of the server.",
    "With --yes, the stack's plan is printed once, and Pulumi's own preview before it is skipped.",
  ],
  examples: ["slipway up --stack staging", "slipway up --stack production --plan plan.json --yes"],
  stack: "one",
  options: {
    plan: {
      ...{ type: "string", value: "<file>", completes: "file" },
      summary: "carries out the plan that `slipway plan --save` saved",
    },
  },
  pulumi: { command: "up", options: { yes, diff, message, ...ofAll } },
});

export const preview = declare({
  name: "preview",
  summary: "shows what up would change",
  details: ofKeys,
  examples: ["slipway preview --stack staging --diff"],
  stack: "one",
  options: {},
  pulumi: { command: "preview", options: { diff, ...ofAll } },
});

export const refresh = declare({
  name: "refresh",
  summary: "reads the stack's resources again",
  details: [...ofKeys, ...ofState],
  examples: ["slipway refresh --stack staging"],
  stack: "one",
  options: {},
  pulumi: { command: "refresh", options: { yes, diff, message, ...ofAll } },
});

export const destroy = declare({
  name: "destroy",
  summary: "removes the stack's resources, but no data volumes",
  details: [
    ...ofKeys,
    ...ofState,
    "A protected stack is removed only after its name was typed on a terminal, or given by --destroy-protected.",
  ],
  examples: ["slipway destroy --stack review-7 --yes"],
  stack: "one",
  options: {
    "destroy-protected": {
      ...{ type: "string", value: "<stack>", completes: "stack" },
      summary: "the name of the protected stack to remove",
    },
  },
  pulumi: {
    command: "destroy",
    options: {
      yes,
      message,
      "preview-only": { type: "boolean", summary: "only shows what it would remove" },
      ...ofAll,
    },
  },
});
