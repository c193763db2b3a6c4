import { DocumentComponent } from "./document-component.ts";

/**
 * Everything that the stack holds on one server, claimed before anything is made there, so that no other stack takes
 * it.
 */
export class Claim extends DocumentComponent {
  static override readonly type = "slipway:index:Claim";
}
