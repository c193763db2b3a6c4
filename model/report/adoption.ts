import { placeText } from "../data-place.ts";
import type { HandMade, HandMadeContainer } from "../facts/hand-made/hand-made.ts";
import { handMadePorts, type HandMadePort } from "../facts/hand-made/hand-made-ports.ts";
import { isMap } from "../json.ts";
import type { HostPlan } from "../plan/plan.ts";
import { isSent, type PlannedDocument } from "../plan/planned-document.ts";
import type { StackHost } from "../stack/stack.ts";
import type { Gap, ReportedChange } from "./printed-plan.ts";

/** What happens to a hand-made compose project whose place the stack takes: what stops, what is claimed, what stays. */
export function adoptionChanges(plan: HostPlan, planned: PlannedDocument): ReportedChange[] {
  if (givesUp(planned)) return (plan.observation?.adoption?.kept ?? []).map(givenUp);
  const found = handMadeIn(plan, planned);
  if (found === undefined) return [];
  const { replaced } = planned.document.body;
  const isReplaced = (service: string): boolean => isMap(replaced) && Object.hasOwn(replaced, service);
  return [
    ...found.containers.map((container) => containerChange(container, isReplaced(container.service))),
    ...handMadePorts(found, plan.host.ports).map(portChange),
    ...dataChanges(found, plan.host),
    ...found.networks.map((name) => ({
      path: `network ${name}`,
      from: "exists",
      to: "removed; --undo creates it again",
    })),
  ];
}

/** Tells the document with which the server removes what it kept to go back. */
function givesUp({ before, document }: PlannedDocument): boolean {
  return document.body["done"] === "true" && before !== undefined && before.body["done"] !== "true";
}

function givenUp(name: string): ReportedChange {
  return { path: `container ${name}`, from: "kept to go back", to: "removed for good; its volumes stay" };
}

/** The time without answers while a hand-made project makes way; undefined where nothing of it runs. */
export function adoptionGap(
  plan: HostPlan,
  planned: PlannedDocument,
): { readonly meaning: string; readonly gap: Gap } | undefined {
  const found = handMadeIn(plan, planned);
  const running = found?.containers.filter((container) => container.running) ?? [];
  if (found === undefined || running.length === 0) return undefined;
  const services = [...new Set(running.map(({ service }) => service))].sort().join(", ");
  const meaning = `'${found.project}' stops (${services}): no answers until the stack's own services are ready`;
  return { meaning, gap: gapOf(plan.host) };
}

/** The project as it was found, where the document is sent for the first time. */
function handMadeIn({ observation }: HostPlan, planned: PlannedDocument): HandMade | undefined {
  if (!isSent(planned) || planned.before !== undefined) return undefined;
  return observation?.handMade.find(({ project }) => project === planned.document.body["project"]);
}

/** Shared services start one after the other, then jobs and migrations, then the release, which is then checked. */
function gapOf({ services, parts }: StackHost): Gap {
  const boots = services.map(({ settings }) => settings.boot);
  const migrations = (parts.release?.migrations ?? []).map(({ deadline }) => deadline);
  const atMost = [...boots, ...migrations].reduce((sum, seconds) => sum + seconds, 0);
  return { seconds: usualSeconds * (parts.release === undefined ? 1 : 2), atMost };
}

/** The usual seconds until shared services are ready; a release takes as long again. */
const usualSeconds = 10;

function containerChange({ name, running }: HandMadeContainer, isReplaced: boolean): ReportedChange {
  const kept = isReplaced ? "replaced in place; its description is kept" : running ? "stopped, and kept" : "kept";
  return { path: `container ${name}`, from: running ? "runs" : "is stopped", to: kept };
}

/** A port that moves to another address is told with it: others may no longer reach it. */
function portChange({ container, text, service, elsewhere }: HandMadePort): ReportedChange {
  const owner = service ?? "free, since the stack does not publish it";
  return { path: `port ${text}`, from: container, to: elsewhere === undefined ? owner : `${owner}, at ${elsewhere}` };
}

/** Each volume and folder once. What only one container has stays with it. */
function dataChanges({ containers }: HandMade, { volumes }: StackHost): ReportedChange[] {
  const mounts = containers.flatMap(({ service, mounts: all }) => all.map((mount) => ({ ...mount, service })));
  const places = new Map(mounts.map((mount) => [mount.source, mount]));
  return Array.from(places.values(), ({ kind, source, target, service }) => {
    const owner = volumes.find(({ volume }) => volume === source);
    const own = kind === "own volume";
    const path = own ? `volume of ${service} at ${target}` : placeText(source);
    const to =
      owner === undefined ? "stays, and the stack does not use it" : `claimed for ${owner.service}, and guarded`;
    return { path, from: `of ${service}`, to: own ? "stays with the old container" : to };
  });
}
