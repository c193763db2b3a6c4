import * as pulumi from "@pulumi/pulumi";
import type { PlannedDocument } from "../model/planned-document.ts";
import { documentCommand, type Site } from "./document-command.ts";

/** The rendered project. */
export interface ComposeProjectArgs {
  /** The server. */
  readonly site: Site;
  /** What shall be there. */
  readonly document: PlannedDocument;
}

/** The shared services of a stack, as one compose project. */
export class ComposeProject extends pulumi.ComponentResource {
  static readonly type = "slipway:index:ComposeProject";

  constructor(name: string, args: ComposeProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super(ComposeProject.type, name, {}, opts);
    documentCommand(`${name}-compose`, args.site, args.document, { parent: this });
    this.registerOutputs();
  }
}
