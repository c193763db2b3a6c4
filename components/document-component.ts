import * as pulumi from "@pulumi/pulumi";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { documentCommand, type Site } from "./document-command.ts";

/** Everything that a component with one document is made from. */
interface DocumentArgs {
  /** The server that the document is sent to, and the stack that it belongs to. */
  readonly site: Site;
  /** The document that the server has to match; its verb runs again when the text changes. */
  readonly document: PlannedDocument;
}

/**
 * Base of the components that are one document on a server. Their only child, the command with that document, has their
 * own name.
 */
export abstract class DocumentComponent extends pulumi.ComponentResource {
  /** Pulumi's type of the component, `slipway:index:<Noun>`; each class that extends this one has its own. */
  declare static readonly type: string;

  constructor(name: string, { site, document }: DocumentArgs, opts?: pulumi.ComponentResourceOptions) {
    super(new.target.type, name, {}, opts);
    documentCommand(name, site, document, { parent: this });
    this.registerOutputs();
  }
}
