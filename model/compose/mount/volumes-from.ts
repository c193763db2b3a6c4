import { listOf, textOf } from "../../json.ts";
import type { BorrowedVolumes } from "../application.ts";
import type { ReaderContext } from "../context.ts";
import type { NormalService } from "../normal-service.ts";

/** The services whose volumes a service mounts as well, at the same targets. */
export function readVolumesFrom(context: ReaderContext, name: string, service: NormalService): BorrowedVolumes[] {
  return listOf(service.fields["volumes_from"]).flatMap((entry, index) => {
    const [first = "", ...rest] = (textOf(entry) ?? "").split(":");
    if (first !== "container") return [{ service: first, readOnly: rest.includes("ro") }];
    context.problems.push({
      path: service.place("volumes_from", String(index)),
      what: `service '${name}' has the volumes of a container that no file describes, got '${rest[0] ?? ""}'`,
      todo: "mount its named volumes by `volumes`, with `external: true` and their `name` below the top-level volumes",
    });
    return [];
  });
}
