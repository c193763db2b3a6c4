import { declare, jsonOption } from "./declaration.ts";

export const hostPrepare = declare({
  name: "host prepare",
  summary: "prints the script that an administrator runs once, as root, on a server",
  details: [
    "The script makes the user, authorises the key, and allows the user one command as root, slipway-root in",
    "/usr/local/sbin. That equals root, as does membership in the group docker, which the user gets as well: the owner",
    "of the key owns the server. Where systemd runs, a unit settles at each start what slipway left open. A second run",
    "changes nothing.",
    "With --observe-key it also makes the user slipway-observe, whose key may observe the server and do nothing else.",
    "Node, which runs slipway's program there, is not in the script: `slipway host check` brings it, or the first run.",
  ],
  examples: ["slipway host prepare --key deploy.pub | ssh root@server sh"],
  stack: "none",
  options: {
    user: { type: "string", value: "<name>", summary: "the user of deployments; by default deploy" },
    key: {
      ...{ type: "string", value: "<public key>", completes: "file" },
      summary: "the public key or its file; by default the only key of SSH_PRIVATE_KEY or ssh-agent",
    },
    "observe-key": {
      ...{ type: "string", value: "<public key>", completes: "file" },
      summary: "a public key, or its file, that may only observe",
    },
  },
});

export const hostCheck = declare({
  name: "host check",
  summary: "checks that the stack's server has everything that deployments need",
  details: [
    "It connects as the stack's own user. If everything is there, it brings Node and slipway's program to the server,",
    "as the first run would do; otherwise it changes nothing. The exit code is 1 if something is missing.",
    "`slipway doctor` checks the same, and this machine and the project as well.",
  ],
  examples: ["slipway host check --stack staging"],
  stack: "one",
  options: jsonOption,
});
