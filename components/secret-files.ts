import * as pulumi from "@pulumi/pulumi";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { documentCommand, type Site } from "./document-command.ts";

/** Names and fingerprints; the session brings the values. */
interface SecretFilesArgs {
  /** The server. */
  readonly site: Site;
  /** What shall be there. */
  readonly document: PlannedDocument;
}

/** The files that hold secrets. Their values never enter Pulumi's state: it holds names, and fingerprints that change with the values. */
export class SecretFiles extends pulumi.ComponentResource {
  static readonly type = "slipway:index:SecretFiles";

  constructor(name: string, args: SecretFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    super(SecretFiles.type, name, {}, opts);
    documentCommand(`${name}-secrets`, args.site, args.document, { parent: this });
    this.registerOutputs();
  }
}
