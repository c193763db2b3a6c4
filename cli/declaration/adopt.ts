import { declare, jsonOption } from "./declaration.ts";

export const adopt = declare({
  name: "adopt",
  summary: "takes over what runs on the server by a hand-made `docker compose up`, or goes back to it",
  details: [
    "It finds the compose project on the server that has services of the stack, and writes it into the stack's file,",
    "with the volumes and folders that hold its data. On the server it changes nothing: `slipway preview` then lists",
    "what stops, what is claimed, what stays, and the gap, and `slipway up` acts.",
    "--undo removes the stack, as `slipway destroy` does, and starts what ran before; data stays.",
    "--done gives up the old containers, after an `up` that ended well: the next `up` removes them for good.",
    "docs/adoption.md shows an example.",
  ],
  examples: ["slipway adopt --stack production", "slipway adopt --undo --stack production"],
  stack: "one",
  options: {
    project: {
      ...{ type: "string", value: "<project>" },
      summary: "the compose project, where several on the server have services of the stack",
    },
    undo: { type: "boolean", summary: "removes the stack, and starts again what ran before" },
    done: { type: "boolean", summary: "lets the next `up` remove the old containers for good" },
    yes: { type: "boolean", short: "y", summary: "with --undo: asks nothing" },
    "destroy-protected": {
      ...{ type: "string", value: "<stack>", completes: "stack" },
      summary: "with --undo: the name of the protected stack",
    },
    ...jsonOption,
  },
});
