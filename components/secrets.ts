import { DocumentComponent } from "./document-component.ts";

/**
 * The files that hold secrets. Pulumi's state holds names, and fingerprints that change with the values; the values
 * travel by the session.
 */
export class Secrets extends DocumentComponent {
  static override readonly type = "slipway:index:Secrets";
}
