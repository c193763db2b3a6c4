import * as pulumi from "@pulumi/pulumi";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { documentCommand, type Site } from "./document-command.ts";

interface ImagesArgs {
  /** The server. */
  readonly site: Site;
  /** What shall be there. */
  readonly document: PlannedDocument;
}

/** Every image that the stack runs, on the server before anything of it changes. */
export class Images extends pulumi.ComponentResource {
  static readonly type = "slipway:index:Images";

  constructor(name: string, args: ImagesArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Images.type, name, {}, opts);
    documentCommand(`${name}-images`, args.site, args.document, { parent: this });
    this.registerOutputs();
  }
}
