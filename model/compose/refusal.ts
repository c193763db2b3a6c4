import { mapOf, textOf, type Json } from "../json.ts";
import type { NormalService } from "./normal-service.ts";
import { optionsOf, resolveText, type ReaderContext } from "./context.ts";

/** A field that cannot be deployed, and the way out. */
interface Refusal {
  readonly field: string;
  /** Tells the values that are refused; all of them unless given. */
  readonly when?: (value: Json) => boolean;
  readonly todo: string;
}

const ofAnother = (value: Json): boolean => /^(service|container):/.test(textOf(value) ?? "");

const refusals: readonly Refusal[] = [
  { field: "external_links", todo: "remove it; run that container as a service" },
  { field: "ipc", when: ofAnother, todo: "remove it; containers of two projects cannot share memory" },
  { field: "pid", when: ofAnother, todo: "remove it; containers of two projects cannot share processes" },
  { field: "provider", todo: "run it by other means" },
  { field: "models", todo: "run it by other means" },
  { field: "credential_spec", todo: "remove it; it is for Windows" },
  { field: "use_api_socket", todo: "mount /var/run/docker.sock if the service must have it" },
];

/** Reports every field of a service that cannot be deployed. */
export function refuseFields(context: ReaderContext, name: string, service: NormalService): void {
  for (const { field, when = () => true, todo } of refusals) {
    const value = service.fields[field];
    if (value === undefined || value === null || !when(value)) continue;
    context.problems.push({
      path: service.place(field),
      what: `service '${name}' has ${field}, which cannot be deployed`,
      todo,
    });
  }
  refuseReplicas(context, name, service);
  if (optionsOf(context, name).release) refuseDevelopment(context, name, service);
}

/** Two containers cannot share one data folder or one host port. */
function refuseReplicas(context: ReaderContext, name: string, service: NormalService): void {
  const { hasData, published, release } = optionsOf(context, name);
  if (!hasData && (!published || release)) return;
  const deployed = mapOf(service.fields["deploy"])["replicas"];
  const written = textOf(deployed ?? service.fields["scale"]);
  const place = service.place(...(deployed === undefined ? ["scale"] : ["deploy", "replicas"]));
  const replicas = written === undefined ? "1" : resolveText(context, written, { place, name: "replicas" });
  if (replicas === undefined || Number(replicas) <= 1) return;
  const why = hasData ? "keeps data" : "has a host port";
  const what = `service '${name}' ${why} and cannot run more than once, got ${replicas} replicas`;
  context.problems.push({ path: place, what, todo: "write 1, or remove it" });
}

const developmentTarget = /(^|[-_.])(dev|develop|development|debug|local|watch)$/i;

/** Settings for a developer's machine must not look like part of a release. */
function refuseDevelopment(context: ReaderContext, name: string, service: NormalService): void {
  const { drop } = optionsOf(context, name);
  const target = textOf(mapOf(service.fields["build"])["target"]) ?? "";
  const refuse = (keys: readonly string[], what: string): void => {
    const path = service.place(...keys);
    const word = keys.join(".");
    if (drop.includes(word)) return;
    context.problems.push({
      path,
      what: `service '${name}' of a release ${what}`,
      todo: `remove it, or add '${word}' to services.${name}.drop`,
    });
    context.wanted.push({ kind: "drop", service: name, part: word });
  };
  if (developmentTarget.test(target)) refuse(["build", "target"], `is built for development, got '${target}'`);
  if (service.fields["develop"] !== undefined) refuse(["develop"], "has a develop section");
}
