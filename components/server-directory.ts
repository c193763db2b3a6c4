import * as pulumi from "@pulumi/pulumi";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { documentCommand, type Site } from "./document-command.ts";

/** Which folder, whose, and with which mode. */
interface ServerDirectoryArgs {
  /** The server. */
  readonly site: Site;
  /** What shall be there. */
  readonly document: PlannedDocument;
}

/** The stack's own folder on a server. */
export class ServerDirectory extends pulumi.ComponentResource {
  static readonly type = "slipway:index:ServerDirectory";

  constructor(name: string, args: ServerDirectoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super(ServerDirectory.type, name, {}, opts);
    documentCommand(`${name}-directory`, args.site, args.document, { parent: this });
    this.registerOutputs();
  }
}
