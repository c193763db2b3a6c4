import { exitCodes } from "../exit-code.ts";
import { declare, jsonOption } from "./declaration.ts";

export const plan = declare({
  name: "plan",
  summary: "prints what up would change, what that costs, and which services restart",
  details: [
    "It runs `pulumi preview` and prints the stack's plan. The plan has the names and fingerprints of secrets, but not",
    "their values.",
    "--offline uses only the files, without Pulumi's engine, keys or a server. If SSH_OBSERVE_KEY holds a key that can",
    "only observe, slipway reads the state of the servers with it, and the plan includes it.",
    "docs/plan.md explains how to read a plan.",
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
    offline: { type: "boolean", summary: "plans without Pulumi's engine, keys or a server" },
    against: {
      ...{ type: "string", value: "<file>", completes: "file" },
      summary: "compares an offline plan with this JSON, the plan of the last deployment",
    },
  },
});

export const render = declare({
  name: "render",
  summary: "prints the files that a server would get",
  details: [
    "It reads only the files of the repository. It prints the compose file of each part, the proxy's configuration and",
    "routes, the names of the files that are delivered, and the names of the variables that each service uses.",
    "It needs no key, state, network or secret. It shows the release in one colour.",
    "docs/render.md shows an example.",
  ],
  examples: ["slipway render --stack staging", "slipway render --stack staging --out rendered"],
  stack: "required",
  options: {
    out: {
      ...{ type: "string", value: "<folder>", completes: "folder" },
      summary: "writes the files into a folder, which must be empty or not exist yet",
    },
    ...jsonOption,
  },
});

export const drift = declare({
  name: "drift",
  summary: "shows what was changed on the server since the last deployment, and what is unhealthy",
  details: [
    "It shows the expected value and the found value of each difference. It also lists files and containers that do",
    "not belong to the stack; they are not drift. It changes nothing. `slipway up` repairs what slipway created, and",
    "says what to do about data.",
    `The exit code is ${exitCodes.done} if everything is healthy and as it was applied, ${exitCodes.drift} if not, and`,
    `${exitCodes.refused} if slipway cannot connect to a server.`,
  ],
  examples: ["slipway drift --stack production", "slipway drift --stack production --json"],
  stack: "one",
  options: jsonOption,
  exits: ["drift"],
});
