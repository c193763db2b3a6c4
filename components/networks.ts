import * as pulumi from "@pulumi/pulumi";
import { readSubnetsAnswer } from "../model/facts/release/answer.ts";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { documentCommand, type Site } from "./document-command.ts";

interface NetworksArgs {
  /** The server that the networks are on, and the stack that they belong to. */
  readonly site: Site;
  /** The networks; the server chooses the subnets that it does not name. */
  readonly document: PlannedDocument;
}

/**
 * The networks between the compose projects of one stack. They are a verb, since a plain `up` never notices that a
 * docker.Network is gone.
 */
export class Networks extends pulumi.ComponentResource {
  static readonly type = "slipway:index:Networks";

  /** The subnets of each network, by its name on the server. */
  readonly subnets: pulumi.Output<Readonly<Record<string, readonly string[]>>>;

  constructor(name: string, { site, document }: NetworksArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Networks.type, name, {}, opts);
    const { stdout } = documentCommand(name, site, document, { parent: this });
    this.subnets = stdout.apply(readSubnetsAnswer);
    this.registerOutputs({ subnets: this.subnets });
  }
}
