import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { PlannedDocument } from "../model/planned-document.ts";
import { readRolloutAnswer, type RolloutAnswer } from "../model/answer.ts";
import { documentCommand, type Site } from "./document-command.ts";

/** What one release is on a server. */
export interface ReleaseArgs {
  /** The server. */
  readonly site: Site;
  /** The release, as the server brings it up. */
  readonly rollout: PlannedDocument;
}

/** The release services, in the colour that serves. */
export class Release extends pulumi.ComponentResource {
  static readonly type = "slipway:index:Release";

  /** Which colour serves which release, and since when. */
  readonly live: pulumi.Output<RolloutAnswer>;

  constructor(name: string, args: ReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Release.type, name, {}, opts);
    this.live = this.rollout(name, args).stdout.apply(readRolloutAnswer);
    this.registerOutputs({ live: this.live });
  }

  private rollout(name: string, { site, rollout }: ReleaseArgs): remote.Command {
    return documentCommand(`${name}-rollout`, site, rollout, { parent: this });
  }
}
