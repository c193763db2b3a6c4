import { join } from "node:path";
import { inject } from "vitest";
import { Workspace as PulumiWorkspace } from "../pulumi/workspace.ts";

/** A stack of this suite: `program` is a file below programs/, without `.ts`; `settings` are lines of Pulumi.yaml. */
export class Workspace extends PulumiWorkspace {
  constructor(program?: string, settings = "") {
    const file = program === undefined ? undefined : join(import.meta.dirname, "programs", `${program}.ts`);
    super(inject("runFolder"), file, settings);
  }
}
