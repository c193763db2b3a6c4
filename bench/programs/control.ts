import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import { z } from "zod";
import { connectionOf, dockerEndpoint } from "../../model/connection.ts";
import { given } from "../../test/pulumi/given.ts";

/** The smallest program with the same providers: one command and one volume. */
const connection = connectionOf(
  given(z.object({ address: z.string(), port: z.number(), user: z.string(), hostKey: z.string() })),
);
new command.remote.Command("command", { connection, create: "cat", stdin: "x", addPreviousOutputInEnv: false });
const provider = new docker.Provider("engine", dockerEndpoint(connection));
new docker.Volume("volume", { name: "control" }, { provider });
