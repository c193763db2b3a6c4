import { documentChanges } from "../document/changes.ts";
import type { HostPlan } from "../plan/plan.ts";
import { mountReason } from "./document.ts";
import { mountedFiles } from "../render/mounts.ts";

/** By what the document of the shared services can say of a mount alone: why its files are written anew, by their names in the repository. */
export function mountReasons(plan: HostPlan): ReadonlyMap<string, string> {
  const { services } = plan.host.parts.shared;
  const files = services.flatMap(({ mounts }) => Object.entries(mountedFiles(mounts)));
  const secrets = services.flatMap((service) => service.secrets);
  return new Map([
    ...files.map(([target, source]) => [mountReason(target), reasonFor(plan, source)] as const),
    ...secrets.map(({ target, variable }) => [mountReason(target), `${variable} changed`] as const),
  ]);
}

function reasonFor({ files, written }: HostPlan, source: string): string {
  const below = (path: string): boolean => path === source || path.startsWith(`${source}/`);
  const changes = files.before === undefined ? [] : documentChanges(files.before, files.document);
  const changed = new Set(
    changes.flatMap(({ path: [top, file] }) => (top === "files" && file !== undefined ? [file] : [])),
  );
  const names = [...changed].filter(below);
  if (names.length > 0) return `its ${list(names)} changed`;
  const anew = written.filter((file) => file.written === files.number && below(file.path)).map(({ path }) => path);
  return `its ${list(anew.length > 0 ? anew : [source])} ${anew.length > 1 ? "are" : "is"} written anew`;
}

function list(names: readonly string[]): string {
  const [first = "", ...others] = names;
  return others.length === 0 ? `file ${first}` : `files ${names.join(", ")}`;
}
