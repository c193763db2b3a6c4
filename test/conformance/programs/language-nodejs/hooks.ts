import { appendFileSync } from "node:fs";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { given } from "../../../pulumi/given.ts";
import { hookSpec } from "./spec.ts";

/** Hooks and commands log to the same file, to show their order. */
const { journal, stdin, failing, tries } = given(hookSpec);
const note = (word: string) => `echo ${word} >> ${journal}`;

function hook(name: string): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, (args) => {
    appendFileSync(journal, `${name} ${args.name} ${stdinOf(args.oldInputs)} ${stdinOf(args.newInputs)}\n`);
    if (failing === name) throw new Error(`${name} has its reasons`);
    return Promise.resolve();
  });
}

function stdinOf(inputs: unknown): string {
  return z.looseObject({ stdin: z.string() }).safeParse(inputs).data?.stdin ?? "-";
}

const names = ["beforeCreate", "afterCreate", "beforeUpdate", "afterUpdate", "beforeDelete", "afterDelete"] as const;
const hooks = Object.fromEntries(names.map((name) => [name, [hook(name)]]));

new command.local.Command(
  "hooked",
  { create: note("create"), update: note("update"), delete: note("delete"), stdin },
  { hooks },
);

/** Retries a failed operation until `tries` is reached. */
const retry = new pulumi.ErrorHook("retry", (args) => {
  appendFileSync(journal, `retry ${args.name} after ${args.failedOperation}: ${args.errors.length} errors\n`);
  return Promise.resolve(args.errors.length < (tries ?? 0));
});

if (tries !== undefined)
  new command.local.Command(
    "patient",
    { create: `echo attempt >> ${journal}; test $(grep -c attempt ${journal}) -ge 3` },
    { hooks: { onError: [retry] } },
  );
