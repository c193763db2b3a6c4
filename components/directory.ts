import { DocumentComponent } from "./document-component.ts";

/** The stack's own folder on a server. */
export class Directory extends DocumentComponent {
  static override readonly type = "slipway:index:Directory";
}
