import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type CommandSpec, commandSpecs } from "./spec.ts";
import { given } from "../../../pulumi/given.ts";

const made = new Map<string, pulumi.Resource>();

for (const [name, spec] of Object.entries(given(commandSpecs))) {
  const options = { ...spec.options, ...after(spec) };
  made.set(name, make(name, spec, options));
}

function make(name: string, { connection, inputs, secrets = [] }: CommandSpec, options: pulumi.CustomResourceOptions) {
  const marked = Object.fromEntries(secrets.map((key) => [key, pulumi.secret(inputs[key])]));
  const all = { ...inputs, ...marked };
  return connection === undefined
    ? new command.local.Command(name, all, options)
    : new command.remote.Command(name, { ...all, connection }, options);
}

function after(spec: CommandSpec): pulumi.CustomResourceOptions {
  const other = made.get(spec.after ?? "");
  return other === undefined ? {} : { dependsOn: other };
}
