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

function makeProvider(name: string, { host, sshOpts, told }: ProviderSpec): docker.Provider {
  const known = told === true ? new command.local.Command(`${name}-host`, { create: `echo ${host}` }).stdout : host;
  return new docker.Provider(name, { host: known, ...(sshOpts !== undefined && { sshOpts }) });
}

/** There is no default provider: it would use the engine of the machine that runs Pulumi. */
function through(name: string): pulumi.CustomResourceOptions {
  const provider = providers.get(name);
  if (provider === undefined) throw new Error(`there is no provider "${name}"`);
  return { provider };
}
