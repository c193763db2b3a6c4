import { local, remote } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { connectionInput, type Connection } from "../model/connection.ts";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { verbCommand } from "../model/document/verb.ts";

/** One server, as components address it. */
export interface Site {
  /** The way to the server. */
  readonly connection: Connection;
  /** `project/stack`; the server keeps a program for each. */
  readonly stack: string;
}

/** A command with a document: over SSH, or on this machine. */
export type DocumentCommand = remote.Command | local.Command;

/** Makes the command that applies a document on a server, and whose deletion removes what the document made. */
export function documentCommand(
  name: string,
  { connection, stack }: Site,
  { document: { kind }, text }: PlannedDocument,
  opts: pulumi.CustomResourceOptions,
): DocumentCommand {
  const create = verbCommand(connection, stack, kind, "apply");
  const remove = verbCommand(connection, stack, kind, "delete");
  const inputs = { create, delete: remove, stdin: text, addPreviousOutputInEnv: false };
  if (connection.via === "local") return new local.Command(name, inputs, opts);
  return new remote.Command(name, { connection: connectionInput(connection), ...inputs }, opts);
}
