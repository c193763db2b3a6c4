import * as pulumi from "@pulumi/pulumi";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { documentCommand, type Site } from "./document-command.ts";

interface ConfigFilesArgs {
  /** The server. */
  readonly site: Site;
  /** What shall be there. */
  readonly document: PlannedDocument;
}

/** The files of the repository that shared services mount. */
export class ConfigFiles extends pulumi.ComponentResource {
  static readonly type = "slipway:index:ConfigFiles";

  constructor(name: string, args: ConfigFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    super(ConfigFiles.type, name, {}, opts);
    documentCommand(`${name}-files`, args.site, args.document, { parent: this });
    this.registerOutputs();
  }
}
