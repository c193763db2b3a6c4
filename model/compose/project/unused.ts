import { mapOf } from "../../json.ts";
import type { ReaderContext } from "../context.ts";
import type { Definitions } from "./definitions.ts";

/** Top-level keys that change nothing on a server, and why. */
const reasons: Readonly<Record<string, string>> = {
  name: "the stack's `project` names everything on the server",
  version: "Compose itself ignores it",
  models: "no service uses them",
};

/** The keys of resources that change nothing on a server. */
const unused = {
  secrets: ["name", "labels", "driver", "driver_opts", "template_driver"],
  configs: ["name", "labels", "template_driver"],
} as const;

/** Notes every key beside the services that the deployment decides, so that none is dropped in silence (F142). */
export function noteUnused(context: ReaderContext, project: Definitions): void {
  for (const [key, place] of project.others)
    context.notes.push(`${place}: ${key} is not used; ${reasons[key] ?? "the deployment does not need it"}`);
  for (const kind of ["secrets", "configs"] as const) {
    for (const [name, { value }] of project[kind]) {
      const keys = unused[kind].filter((key) => mapOf(value)[key] !== undefined);
      if (keys.length === 0) continue;
      const verb = keys.length > 1 ? "are" : "is";
      context.notes.push(`${kind}.${name}: ${keys.join(" and ")} ${verb} not used; slipway mounts it from a file`);
    }
  }
}
