import * as pulumi from "@pulumi/pulumi";
import { readDataAnswer } from "../model/facts/answer.ts";
import type { RememberedData } from "../model/facts/observation.ts";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { documentCommand, type Site } from "./document-command.ts";

interface ComposeProjectArgs {
  /** The server. */
  readonly site: Site;
  /** What shall be there. */
  readonly document: PlannedDocument;
}

/** The shared services of a stack, as one compose project. */
export class ComposeProject extends pulumi.ComponentResource {
  static readonly type = "slipway:index:ComposeProject";

  /** What the server remembers of the data of each volume. */
  readonly data: pulumi.Output<Readonly<Record<string, RememberedData>>>;

  constructor(name: string, args: ComposeProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super(ComposeProject.type, name, {}, opts);
    const command = documentCommand(`${name}-compose`, args.site, args.document, { parent: this });
    this.data = command.stdout.apply(readDataAnswer);
    this.registerOutputs({ data: this.data });
  }
}
