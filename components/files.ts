import { DocumentComponent } from "./document-component.ts";

/** The files of the repository that shared services mount. */
export class Files extends DocumentComponent {
  static override readonly type = "slipway:index:Files";
}
