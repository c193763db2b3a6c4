import type { Deployment } from "../stack/deployment.ts";
import type { HostPlan } from "../plan/plan.ts";
import { isNew, isSent, type PlannedDocument } from "../plan/planned-document.ts";
import { releaseServices, settingsOf } from "../stack/ports.ts";
import { movesOf, type ServiceMove } from "./service-move.ts";

/** What a change costs those who use the application: nothing, no gap although something moves, a restart of services that no request needs, a gap, or data that could be lost. */
export type Impact = "none" | "live" | "restart" | "gap" | "data";

/** How long somebody waits. */
export interface Gap {
  /** What it usually takes. */
  readonly seconds: number;
  /** After so many the run fails instead of waiting on. */
  readonly atMost: number;
}

interface Cost {
  readonly impact: Impact;
  readonly meaning: string;
  readonly gap?: Gap;
}

const nothing: Cost = { impact: "none", meaning: "nobody notices" };

/** Until a container that was made again answers: it is stopped, made and started. */
const usualSeconds = { shared: 5, proxy: 3, networks: 10 };

/** What it costs to carry a document out. Where nothing ran before, nothing can be interrupted. */
export function costOf(plan: HostPlan, planned: PlannedDocument): Cost {
  const { document, change } = planned;
  if (!isSent(planned) || isNew(planned)) return nothing;
  const restarted = movesOf(plan, planned).filter(({ move }) => move === "restarts" || move === "may restart");
  switch (document.resource) {
    case "shared":
      return sharedCost(plan.deployment, restarted);
    case "proxy":
      return proxyCost(plan.deployment, restarted);
    case "release":
      return change.kind === "repair"
        ? { impact: "restart", meaning: "what differs in the live colour is made again in place" }
        : { impact: "live", meaning: "the other colour comes up and is checked, then the proxy switches" };
    case "migration":
      return migrationCost(planned);
    case "networks":
      return {
        impact: "gap",
        meaning: "services lose each other until the network is back and they have joined it",
        gap: {
          seconds: usualSeconds.networks,
          atMost: deadlineOf(plan.deployment, Object.keys(plan.deployment.services)),
        },
      };
    default:
      return document.kind === "volume"
        ? { impact: "data", meaning: "the guard of a data volume is declared otherwise; the data stay as they are" }
        : nothing;
  }
}

function migrationCost({ document, before, drift }: PlannedDocument): Cost {
  const known = ["release", "image"].every((key) => before?.body[key] === document.body[key]);
  if (known && drift.length === 0) return { impact: "none", meaning: "this release was migrated already" };
  return { impact: "live", meaning: "it runs once for a release, while the release before serves" };
}

/** A service that the release cannot do without is missed by users while it restarts. */
function sharedCost(deployment: Deployment, restarted: readonly ServiceMove[]): Cost {
  const names = restarted.map(({ service }) => service);
  if (names.length === 0) return { impact: "none", meaning: "nothing that runs is touched" };
  const gap = { seconds: usualSeconds.shared, atMost: deadlineOf(deployment, names) };
  const missed = names.filter((service) => usersOf(deployment, service).length > 0);
  if (missed.length === 0) return { impact: "restart", meaning: `${and(names)} restart${only(names)}`, gap };
  const users = [...new Set(missed.flatMap((service) => usersOf(deployment, service)))].sort();
  const meaning = `${and(missed)} restart${only(missed)}, and ${and(users)} depend${only(users)} on ${missed.length === 1 ? "it" : "them"}`;
  return { impact: "gap", meaning, gap };
}

function proxyCost(deployment: Deployment, restarted: readonly ServiceMove[]): Cost {
  if (restarted.length === 0) return { impact: "none", meaning: "the proxy stays as it runs" };
  const meaning = `the proxy restarts: no answers on the ports of ${and(releaseServices(deployment))}`;
  return { impact: "gap", meaning, gap: { seconds: usualSeconds.proxy, atMost: 60 } };
}

/** The release services that do not start without a service, by `depends_on`. */
function usersOf({ application, services }: Deployment, service: string): string[] {
  const needs = (name: string, seen: readonly string[]): boolean =>
    Object.keys(application.services[name]?.dependsOn ?? {}).some(
      (other) => other === service || (!seen.includes(other) && needs(other, [...seen, other])),
    );
  return Object.keys(application.services).filter((name) => services[name]?.release === true && needs(name, [name]));
}

function deadlineOf(deployment: Deployment, names: readonly string[]): number {
  return Math.max(
    ...names.filter((name) => name in deployment.services).map((name) => settingsOf(deployment, name).boot),
    0,
  );
}

function and(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

/** The end of a verb that is about one. */
function only(names: readonly string[]): string {
  return names.length === 1 ? "s" : "";
}
