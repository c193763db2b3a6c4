import { DocumentComponent } from "./document-component.ts";

/**
 * The networks between the compose projects of one stack. They are a verb, since a plain `up` never notices that a
 * docker.Network is gone.
 */
export class Networks extends DocumentComponent {
  static override readonly type = "slipway:index:Networks";
}
