import { textsBelow } from "../../compose/value.ts";
import type { ServiceBase } from "../service.ts";

/**
 * Tells whether a service may call another one, as far as its files show: it waits for it, or names it where an
 * address has its host, in its fields, in an env file, or in a file that is mounted.
 */
export function mayCall(caller: ServiceBase, called: ServiceBase): boolean {
  if (Object.hasOwn(caller.compose.dependsOn, called.compose.name)) return true;
  const host = new RegExp(`(^|//|[\\s"'=,@])(${namesOf(called).map(escaped).join("|")})(?=[:/\\s"';,]|$)`, "m");
  return textsOf(caller).some((text) => host.test(text));
}

/** The names by which others reach a service in the networks of the file. */
function namesOf({ compose }: ServiceBase): readonly string[] {
  const { name, containerName, hostname, networks } = compose;
  const aliases = Object.values(networks).flatMap((network) => network.aliases);
  return [name, ...aliases, ...[containerName, hostname].filter((other) => other !== undefined)];
}

/** Every text in which an address may stand. */
function textsOf({ compose, mounts }: ServiceBase): readonly string[] {
  const files = mounts.flatMap((mount) => (mount.type === "file" ? mount.files : []));
  const envFiles = compose.envFiles.flatMap((file) => (file.from === "repository" ? Object.values(file.values) : []));
  const mounted = files.map(({ content }) => new TextDecoder().decode(content));
  return [...textsBelow(compose.fields).map(({ text }) => text), ...envFiles, ...mounted];
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
