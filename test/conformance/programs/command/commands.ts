import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type CommandSpec, commandSpecs } from "./spec.ts";
import { given } from "../../../pulumi/given.ts";

const declared = new Map<string, pulumi.Resource>();

for (const [name, spec] of Object.entries(given(commandSpecs))) {
  const options = { ...spec.options, ...dependency(spec) };
  declared.set(name, declare(name, spec, options));
}

function declare(
  name: string,
  { connection, inputs, secrets = [] }: CommandSpec,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const marked = Object.fromEntries(secrets.map((key) => [key, pulumi.secret(inputs[key])]));
  const all = { ...inputs, ...marked };
  return connection === undefined
    ? new command.local.Command(name, all, options)
    : new command.remote.Command(name, { ...all, connection }, options);
}

function dependency(spec: CommandSpec): pulumi.CustomResourceOptions {
  const other = declared.get(spec.after ?? "");
  return other === undefined ? {} : { dependsOn: other };
}
