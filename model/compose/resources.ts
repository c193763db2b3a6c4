import { posix } from "node:path";
import type { FileMount, SecretMount } from "./application.ts";
import { readFileMount } from "./mount/files.ts";
import type { NormalService } from "./normal-service.ts";
import type { ComposeProject } from "./project.ts";
import type { Resource } from "./project/definitions.ts";
import { resolveText, type ReaderContext } from "./context.ts";
import { isInline, readInlineConfig } from "./resource/inline-config.ts";
import { readSecret } from "./secret.ts";
import { isMap, listOf, mapOf, textOf, type Json } from "../json.ts";

/** The folders in which Compose mounts secrets and configs. */
const places = { secrets: "/run/secrets", configs: "/" } as const;

/** The secrets and configs of a service as mounted files. */
export function readResources(
  context: ReaderContext,
  project: ComposeProject,
  name: string,
  service: NormalService,
): (FileMount | SecretMount)[] {
  return (["secrets", "configs"] as const).flatMap((kind) =>
    listOf(service.fields[kind]).flatMap((entry) => readResource(context, { project, name, service, kind, entry })),
  );
}

interface Grant {
  readonly name: string;
  readonly project: ComposeProject;
  readonly service: NormalService;
  readonly kind: keyof typeof places;
  readonly entry: Json;
}

function readResource(context: ReaderContext, grant: Grant): (FileMount | SecretMount)[] {
  const { project, service, kind, entry } = grant;
  const source = textOf(isMap(entry) ? entry["source"] : entry) ?? "";
  const resource = project[kind].get(source);
  const place = service.place(kind);
  if (resource === undefined) {
    context.problems.push({
      path: place,
      what: `${kind} names '${source}', which is not defined`,
      todo: `add it below the file's top-level ${kind}, or name in \`compose\` the file that has it`,
    });
    return [];
  }
  const variable = kind === "secrets" ? textOf(resource.value["environment"]) : undefined;
  if (variable !== undefined) {
    const secret = readSecret(context, { ...grant, source }, variable);
    return secret === undefined ? [] : [secret];
  }
  const target = posix.resolve(places[kind], (isMap(entry) ? textOf(entry["target"]) : undefined) ?? source);
  noteOwners(context, { ...grant, source });
  if (kind === "configs" && isInline(resource)) {
    const config = readInlineConfig(context, { name: source, resource, entry, target });
    return config === undefined ? [] : [config];
  }
  const path = fileOf(context, resource, { kind, source });
  if (path === undefined) return [];
  const wayOut = kind === "secrets" ? { wayOut: asVariable } : {};
  const mount = readFileMount(context, { path, target, readOnly: true, place: resource.place, ...wayOut });
  return mount === undefined ? [] : [mount];
}

/** Compose ignores owner and mode of what it mounts from a file, and any user of the container may read a config. */
function noteOwners(context: ReaderContext, { name, kind, entry, source }: Grant & { source: string }): void {
  const ignored = ["uid", "gid", "mode"].filter((key) => mapOf(entry)[key] !== undefined);
  if (ignored.length === 0) return;
  const what = `ignores ${ignored.join(" and ")} of ${kind}.${source}`;
  context.notes.push(`${name}: ${what}; every user in the container may read it`);
}

/** The way out for a secret file that is not in the repository. */
const asVariable = "write `environment: <VARIABLE>` instead: slipway delivers that variable's value as a file";

function fileOf(
  context: ReaderContext,
  { value, place, folder }: Resource,
  { kind, source }: Pick<Grant, "kind"> & { source: string },
): string | undefined {
  const file = textOf(value["file"]);
  if (file === undefined) {
    const isExternal = value["external"] !== undefined && value["external"] !== false;
    const what = isExternal ? "is external, which only Docker Swarm has" : "is not a file";
    const todo =
      kind === "secrets"
        ? asVariable
        : "give it a file of the repository, `content`, or `environment` with a variable that is not secret";
    context.problems.push({ path: place, what: `${kind}.${source} ${what}`, todo });
    return undefined;
  }
  const path = resolveText(context, file, { place, name: `${kind}.${source}` });
  return path === undefined ? undefined : posix.join(folder, path);
}
