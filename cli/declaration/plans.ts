import { exitCodes } from "../exit-code.ts";
import { declare, jsonOption } from "./declaration.ts";

export const plan = declare({
  name: "plan",
  summary: "prints what up would change, what that costs, and which services restart for it",
  details: [
    "It runs `pulumi preview` and prints the stack's plan. The plan holds names and fingerprints of secrets, but no",
    "values. --offline plans from the files alone, without engine, keys and server; if SSH_OBSERVE_KEY holds a key",
    "that only observes, the servers are asked with it, and the plan has their facts.",
    "docs/plan.md shows how to read it.",
  ],
  examples: [
    "slipway plan --stack staging",
    "slipway plan --stack production --save plan.json",
    "slipway plan --stack production --offline --against published.json --markdown",
  ],
  stack: "one",
  options: {
    ...jsonOption,
    markdown: { type: "boolean", summary: "prints the plan as a note for a merge request" },
    save: {
      ...{ type: "string", value: "<file>", completes: "file" },
      summary: "saves the plan for `slipway up --plan`",
    },
    offline: { type: "boolean", summary: "plans without Pulumi's engine, keys and server" },
    against: {
      ...{ type: "string", value: "<file>", completes: "file" },
      summary: "the JSON of the plan that the last deployment left, to compare an offline plan with",
    },
  },
});

export const render = declare({
  name: "render",
  summary: "prints the files that a server would get",
  details: [
    "It reads the files of the repository alone. It prints the compose file of each part, the proxy's configuration",
    "and routes, the names of the files that are delivered, and the names of the variables that each service uses.",
    "It needs neither key, state nor network, and knows no value of a secret. The release is shown in one colour.",
    "docs/render.md shows an example.",
  ],
  examples: ["slipway render --stack staging", "slipway render --stack staging --out rendered"],
  stack: "required",
  options: {
    out: {
      ...{ type: "string", value: "<folder>", completes: "folder" },
      summary: "writes the files below a folder, which must be empty or not there yet",
    },
    ...jsonOption,
  },
});

export const drift = declare({
  name: "drift",
  summary: "shows what on the server is no longer as it was applied, or is unhealthy",
  details: [
    `The exit code is ${exitCodes.done} if everything is healthy and as it was applied, ${exitCodes.drift} if not, and`,
    `${exitCodes.refused} if a server could not be asked.`,
    "Each difference is shown with the expected and the found value. Files and containers beside the stack are shown",
    "as well, and are no drift. Nothing is changed; `slipway up` repairs what slipway made, and explains what to do",
    "about data.",
  ],
  examples: ["slipway drift --stack production", "slipway drift --stack production --json"],
  stack: "one",
  options: jsonOption,
  exits: ["drift"],
});
