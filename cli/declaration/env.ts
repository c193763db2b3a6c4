import { declare, jsonOption } from "./declaration.ts";

export const envCheck = declare({
  name: "env check",
  summary: "checks the variables of environments, without server and engine",
  details: [
    "Without --stack it checks every stack that has a file. It reads the stack's files, the encrypted file or the CI's",
    "variables, and .env.example. It connects to nothing and runs no command of a stack. Secret config is encrypted",
    "with the stack's passphrase, so only its names are checked.",
    "The exit code is 1 if something is wrong, and 4 if nothing is wrong but the key to some environment's values is",
    "missing here.",
  ],
  examples: ["slipway env check", "slipway env check --stack staging --stack production"],
  stack: "many",
  options: jsonOption,
  exits: ["notChecked"],
});

export const envInit = declare({
  name: "env init",
  summary: "makes an environment's age key, its rule in .sops.yaml, its encrypted file, and its fingerprint key",
  details: [
    "It changes nothing that exists. The private key is made if its file is missing, by default in the user's folder",
    "of settings, never in the repository. The recovery key is the public half of a second key pair, kept offline for",
    "the case that the first is lost.",
    "The file gets a placeholder for each variable that .env.example requires: set the values with `sops`.",
  ],
  examples: ["slipway env init --stack staging", "slipway env init --stack production --recovery age1…"],
  stack: "required",
  options: {
    key: { type: "string", value: "<file>", completes: "file", summary: "the file of the private key" },
    recovery: { type: "string", value: "<age1…>", summary: "the public key of a second key pair" },
  },
});

export const envFromCi = declare({
  name: "env from-ci",
  summary: "writes the encrypted file of an environment from the CI's variables",
  details: [
    "Run it in a job of that environment, which has its variables. It checks the variables that .env.example declares",
    "for the containers, and encrypts them for the recipients in .sops.yaml. It prints no value, and replaces no",
    "encrypted file.",
  ],
  examples: ["slipway env from-ci --stack staging"],
  stack: "required",
  options: {},
});
