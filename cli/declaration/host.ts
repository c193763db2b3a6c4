import { declare, jsonOption } from "./declaration.ts";

export const hostPrepare = declare({
  name: "host prepare",
  summary: "prints a script that an administrator runs once on a server, as root",
  details: [
    "The script creates the user, authorises the key, and allows the user one command as root: slipway-root in",
    "/usr/local/sbin. It also adds the user to the group docker. Both are equivalent to root access, so anyone with",
    "the key controls the server. With systemd, a unit finishes interrupted work at each start of the server. A second",
    "run of the script changes nothing.",
    "With --observe-key the script also creates the user slipway-observe, whose key can only observe the server.",
    "The script does not install Node, which slipway's program needs: `slipway host check` or the first run does.",
  ],
  examples: [
    "slipway host prepare --key deploy.pub | ssh root@server sh",
    "slipway host prepare --local --user gitlab-runner | sudo sh",
  ],
  stack: "none",
  options: {
    user: { type: "string", value: "<name>", summary: "the user who deploys; by default deploy" },
    key: {
      ...{ type: "string", value: "<public key>", completes: "file" },
      summary: "the public key or its file; by default the only key in SSH_PRIVATE_KEY or ssh-agent",
    },
    local: { type: "boolean", summary: "authorises no key, since slipway runs on the server itself" },
    "observe-key": {
      ...{ type: "string", value: "<public key>", completes: "file" },
      summary: "a public key, or its file, that can only observe",
    },
  },
});

export const hostCheck = declare({
  name: "host check",
  summary: "checks that the stack's server has everything that a deployment needs",
  details: [
    "It connects as the user in the stack's configuration. If nothing is missing, it uploads Node and slipway's",
    "program, as the first run would; otherwise it changes nothing. The exit code is 1 if something is missing.",
    "`slipway doctor` checks the same, and also this machine and the project.",
  ],
  examples: ["slipway host check --stack staging"],
  stack: "one",
  options: jsonOption,
});
