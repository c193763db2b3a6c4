import { randomBytes } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { documentCommand } from "../../../components/document-command.ts";
import { connectionOf } from "../../../model/connection.ts";
import { DocumentNumbers } from "../../../model/plan/planned-document.ts";
import { readLastOutputs } from "../../../model/facts/last-outputs.ts";
import { onlyTheServer } from "../../../model/facts/scope.ts";
import { bundleProgram } from "../../../remote/bundle.ts";
import { connect } from "../../../remote/connect.ts";
import { programOf } from "../../../remote/program.ts";
import { newAttempt } from "../../../remote/run.ts";
import { checkout } from "../../../toolchain/paths.ts";
import { given } from "../../pulumi/given.ts";

const hostSchema = z.object({ address: z.string(), port: z.number(), user: z.string(), hostKey: z.string() });
const { stack, hosts, directories, patience, throws } = given(
  z.object({
    stack: z.string(),
    hosts: z.array(hostSchema),
    /** Path by name of the resource. */
    directories: z.record(z.string(), z.string()),
    patience: z.number(),
    /** True if the program ends with an error after its first resource was made. */
    throws: z.boolean(),
  }),
);
const run = randomBytes(4).toString("hex");
const program = programOf(await bundleProgram(checkout, `${import.meta.dirname}/braked-start.ts`));

// Resources are made one after the other, so that a server's journal tells runs apart; servers come in slipway's order.
let previous: pulumi.Resource | undefined;
for (const [index, host] of hosts.entries()) {
  const connection = connectionOf(host);
  const client = await connect({
    connection,
    program,
    stack,
    environment: process.env,
    say: (line) => void process.stdout.write(`${line}\n`),
  });
  const plan = async () => {
    const observation = await client.observe(onlyTheServer);
    const numbers = new DocumentNumbers({ observation, last: readLastOutputs({}, "main") }, newAttempt);
    return Object.entries(directories).map(([resource, path]) =>
      numbers.plan({
        kind: "directory",
        resource: `${resource}-${index}`,
        body: { path, owner: "root", mode: "0750" },
      }),
    );
  };
  let planned = await plan();
  if (planned.some(({ change }) => change.kind !== "same")) {
    await client.lease({ seconds: patience, run, holder: `${run} of ${stack}`, job: "" });
    planned = await plan();
  }
  for (const document of planned) {
    const opts = previous === undefined ? {} : { dependsOn: previous };
    const command = documentCommand(document.document.resource, { connection, stack }, document, opts);
    previous = command;
    if (throws) command.stdout.apply(() => process.nextTick(failProgram));
  }
}

function failProgram(): void {
  throw new Error("the program falls over");
}
