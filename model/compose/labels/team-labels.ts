import { textOf, type Json, type JsonMap } from "../../json.ts";
import type { Service } from "../application.ts";
import { optionsOf, resolveText, type ReaderContext } from "../context.ts";
import type { NormalService } from "../normal-service.ts";
import { mentionsOf, parseTemplate } from "../template.ts";

/** A label for a Traefik that is not slipway's own. */
const teamLabel = /^traefik\./i;

/** The labels of a service: those that stay on it, and those for a team's own Traefik with variables filled in. */
type SplitLabels = Pick<Service, "teamLabels"> & { readonly kept: JsonMap };

/**
 * Takes the labels for a team's own Traefik from a release service: both colours would have them, and so get requests
 * before slipway has checked the new one.
 */
export function splitTeamLabels(
  context: ReaderContext,
  name: string,
  service: NormalService,
  labels: JsonMap,
): SplitLabels {
  if (!optionsOf(context, name).release) return { kept: labels };
  const [team, others] = [true, false].map((isTeam) =>
    Object.entries(labels).filter(([label]) => teamLabel.test(label) === isTeam),
  );
  const kept = Object.fromEntries(others ?? []);
  if (team === undefined || team.length === 0) return { kept };
  const filled = team.flatMap(([label, value]): [string, string][] => {
    const text = filledLabel(context, { name, service, label, value });
    return text === undefined ? [] : [[label, text]];
  });
  return { kept, teamLabels: Object.fromEntries(filled) };
}

interface Label {
  readonly name: string;
  readonly service: NormalService;
  readonly label: string;
  readonly value: Json;
}

function filledLabel(context: ReaderContext, { name, service, label, value }: Label): string | undefined {
  const text = textOf(value) ?? "";
  const place = service.place("labels", label);
  const secret = mentionsOf(parseTemplate(text) ?? []).find((mention) => context.secrets.includes(mention.name));
  if (secret === undefined) return resolveText(context, text, { place, name: `labels.${label}` });
  const what = `service '${name}' has the secret ${secret.name} in a label for slipway's proxy, got '${label}'`;
  const todo = "write that label at a shared service, such as your Traefik itself: Traefik reads the labels of all";
  context.problems.push({ path: place, what, todo });
  return undefined;
}

/** The labels as a field of a service; none if there are none. */
export function labelsField(labels: JsonMap): JsonMap {
  return Object.keys(labels).length === 0 ? {} : { labels };
}
