import { DocumentComponent } from "./document-component.ts";

/** The stack's own Traefik, which publishes the ports of its release services. */
export class Proxy extends DocumentComponent {
  static override readonly type = "slipway:index:Proxy";
}
