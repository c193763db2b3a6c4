import * as pulumi from "@pulumi/pulumi";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { documentCommand, type Site } from "./document-command.ts";

interface ProxyArgs {
  /** The server. */
  readonly site: Site;
  /** What shall be there. */
  readonly document: PlannedDocument;
}

/** The stack's own Traefik, which publishes the ports of its release services. */
export class Proxy extends pulumi.ComponentResource {
  static readonly type = "slipway:index:Proxy";

  constructor(name: string, args: ProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Proxy.type, name, {}, opts);
    documentCommand(`${name}-compose`, args.site, args.document, { parent: this });
    this.registerOutputs();
  }
}
