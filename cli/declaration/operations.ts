import { declare, type Options } from "./declaration.ts";

const ofKeys = [
  "SSH_PRIVATE_KEY holds the SSH key for the servers: the key itself, its base64, or the path of its file. Slipway",
  "loads it into an ssh-agent for this run. Without the variable, slipway uses the ssh-agent that is running.",
];

const ofState = [
  "If a dead process holds the lock of the stack's state, slipway removes the lock first. It refuses a damaged state,",
  "and names the copy to restore.",
  "Ctrl-C stops at the next safe point, a second Ctrl-C immediately.",
];

const json = { type: "boolean", short: "j", summary: "prints Pulumi's result as JSON" } as const;
const yes = { type: "boolean", short: "y", summary: "does not ask for confirmation" } as const;

/** Options of all four operations of Pulumi. */
const ofAll = {
  target: { type: "string", short: "t", value: "<urn>", summary: "only this resource" },
  json,
} as const satisfies Options;

const diff = { type: "boolean", summary: "shows each change field by field" } as const;
const message = { type: "string", short: "m", value: "<text>", summary: "a message for the stack's history" } as const;

export const up = declare({
  name: "up",
  summary: "deploys the stack: changes the servers to match its configuration",
  details: [
    ...ofKeys,
    ...ofState,
    "--plan does exactly what the saved plan says. If anything changed since it was saved, slipway changes nothing and",
    "names the difference. Pulumi has an option of the same name, which slipway replaces: Pulumi's plans do not cover",
    "the state of the servers.",
    "With --yes, slipway prints the stack's plan once and skips Pulumi's own preview.",
  ],
  examples: ["slipway up --stack staging", "slipway up --stack production --plan plan.json --yes"],
  stack: "one",
  options: {
    plan: {
      ...{ type: "string", value: "<file>", completes: "file" },
      summary: "deploys the plan that `slipway plan --save` saved",
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
  summary: "updates Pulumi's state to match the servers",
  details: [...ofKeys, ...ofState],
  examples: ["slipway refresh --stack staging"],
  stack: "one",
  options: {},
  pulumi: { command: "refresh", options: { yes, diff, message, ...ofAll } },
});

export const destroy = declare({
  name: "destroy",
  summary: "removes the stack from its servers, but not its data volumes",
  details: [
    ...ofKeys,
    ...ofState,
    "To remove a protected stack, type its name at the prompt, or give it with --destroy-protected.",
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
