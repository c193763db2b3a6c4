import { DocumentComponent } from "./document-component.ts";

/** The hand-made compose project whose place the stack takes on a server; its removal starts it again. */
export class Adoption extends DocumentComponent {
  static override readonly type = "slipway:index:Adoption";
}
