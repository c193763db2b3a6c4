import { declare, jsonOption } from "./declaration.ts";

export const envCheck = declare({
  name: "env check",
  summary: "checks the variables of environments, without a server",
  details: [
    "Without --stack it checks every stack that has a file. It reads the stack's files, the encrypted file or the CI",
    "variables, and .env.example. It makes no connection and does not run `env.command`. Secret config is encrypted",
    "with the stack's passphrase, so it checks only the names.",
    "The exit code is 1 if something is wrong. It is 4 if nothing is wrong, but this machine lacks the key to the",
    "values of some environment.",
  ],
  examples: ["slipway env check", "slipway env check --stack staging --stack production"],
  stack: "many",
  options: jsonOption,
  exits: ["notChecked"],
});

export const envInit = declare({
  name: "env init",
  summary: "creates an environment's age key, .sops.yaml rule, encrypted file and fingerprint key",
  details: [
    "It changes nothing that exists. It creates the private key if its file does not exist: by default in your user's",
    "configuration folder, never in the repository. The recovery key is the public key of a second key pair, which you",
    "keep offline in case the first one is lost.",
    "The encrypted file gets a placeholder for each variable that .env.example requires: set the values with `sops`.",
  ],
  examples: ["slipway env init --stack staging", "slipway env init --stack production --recovery age1…"],
  stack: "required",
  options: {
    key: { type: "string", value: "<file>", completes: "file", summary: "the file of the private key" },
    recovery: { type: "string", value: "<age1…>", summary: "the public key of a second key pair" },
    ...jsonOption,
  },
});

export const envFromCi = declare({
  name: "env from-ci",
  summary: "writes the encrypted file of an environment from the CI variables",
  details: [
    "Run it in a CI job of that environment, which has its variables. It checks the variables that .env.example",
    "declares for the containers, and encrypts them for the recipients in .sops.yaml. It prints no value, and does not",
    "replace an existing file.",
  ],
  examples: ["slipway env from-ci --stack staging"],
  stack: "required",
  options: jsonOption,
});
