import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import { z } from "zod";
import { connectionInput, dockerEndpoint, sshConnection } from "../../model/connection.ts";
import { given } from "../../test/pulumi/given.ts";

/** As many resources of the same providers as a stack has, with no observation, no plan and no verbs. */
const { commands, volumes, changed, ...host } = given(
  z.object({
    address: z.string(),
    port: z.number(),
    user: z.string(),
    hostKey: z.string(),
    commands: z.number(),
    volumes: z.number(),
    changed: z.string(),
  }),
);
const connection = sshConnection(host);
for (let at = 1; at <= commands; at += 1) {
  const stdin = `${at === commands ? changed : ""}${"x\n".repeat(500)}`;
  const inputs = {
    connection: connectionInput(connection),
    create: "cat",
    update: "cat",
    stdin,
    addPreviousOutputInEnv: false,
  };
  new command.remote.Command(`command-${at}`, inputs);
}
if (volumes > 0) {
  const provider = new docker.Provider("engine", dockerEndpoint(connection));
  for (let at = 1; at <= volumes; at += 1) new docker.Volume(`volume-${at}`, { name: `control-${at}` }, { provider });
}
