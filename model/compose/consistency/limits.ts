import { mapOf, textOf, type Json } from "../../json.ts";
import { bytesOf } from "../../byte-size.ts";
import { knownText, type ReaderContext } from "../context.ts";
import type { NormalService } from "../normal-service.ts";

/** A limit that a service may write in two places. */
interface Limit {
  readonly field: string;
  /** `limits` or `reservations` of `deploy.resources`. */
  readonly section: string;
  readonly key: string;
  /** The size of a written value. */
  readonly size: (text: string) => number;
}

const limits: readonly Limit[] = [
  { field: "cpus", section: "limits", key: "cpus", size: Number },
  { field: "mem_limit", section: "limits", key: "memory", size: bytesOf },
  { field: "mem_reservation", section: "reservations", key: "memory", size: bytesOf },
  { field: "pids_limit", section: "limits", key: "pids", size: Number },
];

/**
 * Reports limits that are not the same in both places. As soon as the section of `deploy` is there, Compose asks for
 * the limit in it.
 */
export function checkLimits(context: ReaderContext, name: string, service: NormalService): void {
  const resources = mapOf(mapOf(service.fields["deploy"])["resources"]);
  for (const { field, section, key, size } of limits) {
    const [own, other] = [resolved(context, service.fields[field]), resolved(context, mapOf(resources[section])[key])];
    if (own === undefined || size(own) === 0 || resources[section] === undefined) continue;
    if (other === undefined ? mapOf(resources[section])[key] !== undefined : size(own) === size(other)) continue;
    const path = `deploy.resources.${section}.${key}`;
    context.problems.push({
      path: service.place(field),
      what: `service '${name}' has other values in ${field} and in ${path}, got '${own}' and '${other ?? "none"}'`,
      todo: `write the one that is meant as ${path}, and remove ${field}`,
    });
  }
}

/** Reports numbers of containers that contradict one another, or the one name that they all would have. */
export function checkScale(context: ReaderContext, name: string, service: NormalService): void {
  const scale = resolved(context, service.fields["scale"]);
  const replicas = resolved(context, mapOf(service.fields["deploy"])["replicas"]);
  const refuse = (place: string, what: string, todo: string): void => {
    context.problems.push({ path: place, what: `service '${name}' ${what}`, todo });
  };
  const place = scale === undefined ? service.place("deploy", "replicas") : service.place("scale");
  if (scale !== undefined && replicas !== undefined && Number(scale) !== Number(replicas))
    refuse(place, `has scale ${scale} and deploy.replicas ${replicas}`, "keep the one that is meant");
  const written = scale ?? replicas ?? "1";
  if (Number(written) < 0) refuse(place, `cannot run ${written} times`, "write 0 or more");
  if (Number(written) <= 1 || textOf(service.fields["container_name"]) === undefined) return;
  const what = `has container_name and runs ${written} times, but a name is for one container`;
  refuse(service.place("container_name"), what, "remove container_name, or run it once");
}

/** A value with its variables filled in; undefined if it has none, or if only the server knows them. */
function resolved(context: ReaderContext, value: Json | undefined): string | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : knownText(context, text);
}
