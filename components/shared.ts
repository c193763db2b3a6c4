import * as pulumi from "@pulumi/pulumi";
import { readDataAnswer } from "../model/facts/release/answer.ts";
import type { RememberedData } from "../model/facts/observation.ts";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { documentCommand, type Site } from "./document-command.ts";

interface SharedArgs {
  /** The server that the services run on, and the stack that they belong to. */
  readonly site: Site;
  /** The compose project of the services. */
  readonly document: PlannedDocument;
}

/** Shared services of a stack: those that start before its release, or those that wait for it. */
export class Shared extends pulumi.ComponentResource {
  static readonly type = "slipway:index:Shared";

  /** The remembered data by volume. */
  readonly data: pulumi.Output<Readonly<Record<string, RememberedData>>>;

  constructor(name: string, { site, document }: SharedArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Shared.type, name, {}, opts);
    const { stdout } = documentCommand(name, site, document, { parent: this });
    this.data = stdout.apply(readDataAnswer);
    this.registerOutputs({ data: this.data });
  }
}
