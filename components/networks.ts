import * as pulumi from "@pulumi/pulumi";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { documentCommand, type Site } from "./document-command.ts";

interface NetworksArgs {
  /** The server. */
  readonly site: Site;
  /** What shall be there. */
  readonly document: PlannedDocument;
}

/** The networks between the compose projects of one stack. A verb makes them, since a plain `up` would never notice that a network of the docker provider is gone. */
export class Networks extends pulumi.ComponentResource {
  static readonly type = "slipway:index:Networks";

  constructor(name: string, args: NetworksArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Networks.type, name, {}, opts);
    documentCommand(`${name}-networks`, args.site, args.document, { parent: this });
    this.registerOutputs();
  }
}
