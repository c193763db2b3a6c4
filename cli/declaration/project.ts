import { declare, jsonOption } from "./declaration.ts";

export const newStack = declare({
  name: "new",
  summary: "writes Pulumi.yaml and a stack file from the compose files",
  details: [
    "It reads the compose file in the current folder, or those that --compose names, in their order. What they build",
    "is the release; all other services are shared. It writes Pulumi.yaml and Pulumi.<stack>.yaml with comments, and",
    "prints what the files do not tell and what comes next. It never changes a file. Where there is a Pulumi.yaml, it",
    "adds a file for another stack. The stack is called production unless --stack names it.",
    "docs/your-own-application.md shows an example.",
  ],
  examples: ["slipway new", "slipway new --stack staging --compose compose.yaml --compose compose.prod.yaml"],
  stack: "one",
  options: {
    compose: {
      ...{ type: "string", multiple: true, value: "<file>", completes: "file" },
      summary: "a compose file; may be given several times",
    },
  },
});

export const init = declare({
  name: "init",
  summary: "makes the stack, if there is none, and its fingerprint key",
  details: [
    "The key is secret config. With it a preview shows that a secret changed, but not the secret. It is never printed",
    "and never replaced, since with another key every secret would look changed. `pulumi` rewrites the stack's tracked",
    "file when it stores the key: check the file, and commit it. At its end it says what comes next.",
  ],
  examples: ["slipway init --stack staging"],
  stack: "one",
  options: jsonOption,
});

export const doctor = declare({
  name: "doctor",
  summary: "says what this machine, the project, and the servers of a stack lack",
  details: [
    "It checks Node, the tools and programs of this machine, keys, the project's files with all its stacks,",
    "slipway.lock, the state's backend, and, for the named stack or the only one, its servers: address, host key,",
    "login, Docker, disk, memory, clock, and everything that would forbid a deployment there.",
    "It installs and changes nothing, except that a server gets Node and slipway's program, as by `host check`.",
    "What cannot be checked is listed as such; the rest is checked all the same.",
    "The exit code is 1 if something has to be done.",
  ],
  examples: ["slipway doctor", "slipway doctor --stack staging --json"],
  stack: "one",
  options: jsonOption,
});

export const completion = declare({
  name: "completion",
  summary: "prints the script with which a shell completes slipway's command lines",
  details: [
    "It completes commands, options, stacks and services. For a session of the shell:",
    "  bash  source <(slipway completion bash)",
    "  zsh   source <(slipway completion zsh)",
    "  fish  slipway completion fish | source",
    "Put the same line into ~/.bashrc, into ~/.zshrc below `autoload -U compinit && compinit`, or into",
    "~/.config/fish/config.fish.",
  ],
  examples: ["source <(slipway completion bash)"],
  stack: "none",
  options: {},
  words: { form: "bash | zsh | fish", completes: "shell" },
});
