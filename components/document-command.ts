import { remote } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../model/connection.ts";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { verbCommand } from "../model/document/verb.ts";

/** One server, as components address it. */
export interface Site {
  /** Address, port, user and host key of the server. */
  readonly connection: Connection;
  /** `project/stack`; the server keeps a program for each. */
  readonly stack: string;
}

/** Makes the command that applies a document on a server, and whose deletion removes what the document made. */
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
