import { DocumentComponent } from "./document-component.ts";

/** Every image that the stack runs, on the server before anything of it changes. */
export class Images extends DocumentComponent {
  static override readonly type = "slipway:index:Images";
}
