import { remote } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../model/connection.ts";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { verbCommand } from "../model/document/verb.ts";

/** The server that a component works on, and for which stack. */
export interface Site {
  /** How to reach the server. */
  readonly connection: Connection;
  /** `project/stack`; the server keeps a program for each. */
  readonly stack: string;
}

/** The command that makes a server be as a document says, and whose deletion takes that away again. */
export function documentCommand(
  name: string,
  { connection, stack }: Site,
  { document: { kind }, text }: PlannedDocument,
  opts: pulumi.CustomResourceOptions,
): remote.Command {
  const create = verbCommand(connection, stack, kind, "apply");
  const remove = verbCommand(connection, stack, kind, "delete");
  const inputs = { connection, create, delete: remove, stdin: text, addPreviousOutputInEnv: false };
  return new remote.Command(name, inputs, opts);
}
