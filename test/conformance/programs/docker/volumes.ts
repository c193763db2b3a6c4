import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { dockerSpecs, type ProviderSpec } from "./spec.ts";
import { given } from "../../../pulumi/given.ts";

const specs = given(dockerSpecs);
const providers = new Map(Object.entries(specs.providers).map(([name, spec]) => [name, makeProvider(name, spec)]));
const volumes = new Map<string, docker.Volume>();

for (const [name, { provider, inputs, options, after }] of Object.entries(specs.volumes)) {
  const first = volumes.get(after ?? "");
  const dependsOn = first === undefined ? [] : [first];
  volumes.set(name, new docker.Volume(name, inputs, { ...options, ...through(provider), dependsOn }));
}

if (specs.network === true) new docker.Network("network", {}, through(Object.keys(specs.providers)[0] ?? ""));

function makeProvider(name: string, { host, sshOpts, printedByCommand }: ProviderSpec): docker.Provider {
  const print = () => new command.local.Command(`${name}-host`, { create: `echo ${host}` }).stdout;
  const input = printedByCommand === true ? print() : host;
  return new docker.Provider(name, { host: input, ...(sshOpts !== undefined && { sshOpts }) });
}

/** The options with an explicit provider; the default one would use the engine of the machine that runs Pulumi. */
function through(name: string): pulumi.CustomResourceOptions {
  const provider = providers.get(name);
  if (provider === undefined) throw new Error(`there is no provider "${name}"`);
  return { provider };
}
