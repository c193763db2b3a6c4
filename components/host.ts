import * as pulumi from "@pulumi/pulumi";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { documentCommand, type Site } from "./document-command.ts";

/** What a server has to be told to become part of a stack. */
interface HostArgs {
  /** The server. */
  readonly site: Site;
  /** What shall be there. */
  readonly document: PlannedDocument;
}

/** One server of the stack: what the stack holds on it is claimed before anything is made there, so that no other stack takes it. */
export class Host extends pulumi.ComponentResource {
  static readonly type = "slipway:index:Host";

  constructor(name: string, args: HostArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Host.type, name, {}, opts);
    documentCommand(`${name}-claim`, args.site, args.document, { parent: this });
    this.registerOutputs();
  }
}
