import { declare, jsonOption } from "./declaration.ts";

export const newStack = declare({
  name: "new",
  summary: "writes Pulumi.yaml and a stack file from the compose files",
  details: [
    "It reads the compose file in the current folder, or the files given with --compose, in that order. The services",
    "that they build are the release; all others are shared. It writes Pulumi.yaml and Pulumi.<stack>.yaml with",
    "comments, and prints what the compose files do not say and what to do next. It never changes an existing file. If",
    "there is a Pulumi.yaml, it only adds a stack file. The stack is called production unless --stack is given.",
    "docs/your-own-application.md shows an example.",
  ],
  examples: ["slipway new", "slipway new --stack staging --compose compose.yaml --compose compose.prod.yaml"],
  stack: "one",
  options: {
    compose: {
      ...{ type: "string", multiple: true, value: "<file>", completes: "file" },
      summary: "a compose file; can be given several times",
    },
    ...jsonOption,
  },
});

export const init = declare({
  name: "init",
  summary: "creates the stack, if it does not exist, and its fingerprint key",
  details: [
    "The fingerprint key is secret config. With it, a preview can show that a secret changed without showing the",
    "secret. The key is never printed and never replaced, because with another key every secret would look changed.",
    "Pulumi rewrites the stack's file when it stores the key: check the file, and commit it. At the end, slipway",
    "prints what to do next.",
  ],
  examples: ["slipway init --stack staging"],
  stack: "one",
  options: jsonOption,
});

export const doctor = declare({
  name: "doctor",
  summary: "shows what is missing on this machine, in the project and on the servers of a stack",
  details: [
    "It checks Node, the tools and programs on this machine, keys, the project's files with all its stacks,",
    "slipway.lock and the state's backend. For the given stack, or the only one, it also checks the servers: address,",
    "host key, login, Docker, disk, memory, clock, and everything else that a deployment needs.",
    "It changes nothing, except that a server gets Node and slipway's program, as with `host check`.",
    "It lists what it cannot check, and checks the rest. The exit code is 1 if something has to be done.",
  ],
  examples: ["slipway doctor", "slipway doctor --stack staging --json"],
  stack: "one",
  options: jsonOption,
});

export const completion = declare({
  name: "completion",
  summary: "prints the script for command completion in a shell",
  details: [
    "It completes commands, options, stacks and services. For the current shell session, run:",
    "  bash  source <(slipway completion bash)",
    "  zsh   source <(slipway completion zsh)",
    "  fish  slipway completion fish | source",
    "To have it in every session, put the same line into ~/.bashrc, into ~/.zshrc below",
    "`autoload -U compinit && compinit`, or into ~/.config/fish/config.fish.",
  ],
  examples: ["source <(slipway completion bash)"],
  stack: "none",
  options: {},
  words: { form: "bash | zsh | fish", completes: "shell" },
});
