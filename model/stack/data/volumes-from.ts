import type { Mount } from "../../compose/application.ts";
import type { Problem } from "../../problem.ts";
import type { ServiceBase, StackService } from "../service.ts";

/** What a service mounts through `volumes_from`: all that another one mounts, also through a third one. */
export function borrowedMounts(
  { name, compose }: ServiceBase,
  all: readonly ServiceBase[],
  borrowers: readonly string[] = [],
): Mount[] {
  return (compose.volumesFrom ?? []).flatMap(({ service, readOnly }) => {
    const lender = all.find((other) => other.name === service);
    // A circle has a problem of its own.
    if (lender === undefined || borrowers.includes(service)) return [];
    const mounts = [...lender.mounts, ...borrowedMounts(lender, all, [...borrowers, name])];
    return readOnly ? mounts.map(asReadOnly) : mounts;
  });
}

function asReadOnly(mount: Mount): Mount {
  return mount.type === "tmpfs" || mount.type === "secret" ? mount : { ...mount, readOnly: true };
}

/** Requires that services have volumes of services of their own part: a compose file names none of another one. */
export function ensureVolumesAreOfOnePart({ services }: { readonly services: readonly StackService[] }): Problem[] {
  return services.flatMap((service) =>
    (service.compose.volumesFrom ?? []).flatMap(({ service: name, readOnly }): Problem[] => {
      const from = services.find((other) => other.name === name && other.part !== "migration");
      if (from === undefined || (from.starts === service.starts && service.part !== "migration")) return [];
      const path = `compose.services.${service.name}.volumes_from`;
      const what = `names a service that is not in the same part of the stack, got '${name}'`;
      return [{ path, what, todo: wayOut(from, readOnly) }];
    }),
  );
}

/** The entries that have the same effect. Nothing is lost: a named volume and a file are the same for both. */
function wayOut({ name, mounts }: ServiceBase, readOnly: boolean): string {
  const entries = mounts.flatMap((mount) => shortEntry(mount, readOnly));
  const unnamed = mounts
    .flatMap((mount) => (mount.type === "volume" && mount.source === undefined ? [mount.target] : []))
    .map((target) => `, and ${target},`);
  const own = `the volumes that the image of '${name}' declares${unnamed.join("")}`;
  const write = entries.length === 0 ? "" : `write \`volumes: [${entries.join(", ")}]\` instead; `;
  return `${write}if they share ${own} give those a name in both services`;
}

function shortEntry(mount: Mount, readOnly: boolean): string[] {
  if (mount.type === "tmpfs" || mount.type === "secret" || mount.source === undefined) return [];
  const isLocal = (mount.type === "file" || mount.type === "folder") && !/^[/~.]/.test(mount.source);
  const end = readOnly || mount.readOnly ? ":ro" : "";
  return [`${isLocal ? "./" : ""}${mount.source}:${mount.target}${end}`];
}
