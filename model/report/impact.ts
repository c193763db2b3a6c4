import type { HostPlan } from "../plan/plan.ts";
import { startsColour } from "../plan/release-problems.ts";
import { isNew, isSent, type PlannedDocument } from "../plan/planned-document.ts";
import type { StackService } from "../stack/service.ts";
import { adoptionGap } from "./adoption.ts";
import { lostNetworks } from "./lost-networks.ts";
import type { Gap, Impact, ServiceMove } from "./printed-plan.ts";
import { movesOf } from "./service-move.ts";

/** The cost of a change, and its meaning in words. */
interface Cost {
  readonly impact: Impact;
  readonly meaning: string;
  readonly gap?: Gap;
}

const nothing: Cost = { impact: "none", meaning: "no interruption" };

/** The usual seconds until a recreated container answers. */
const usualSeconds = { shared: 5, proxy: 3, networks: 10, recreate: 10 };

/** The cost of applying a document. A document for something new interrupts nothing; a way back migrates nothing. */
export function costOf(plan: HostPlan, planned: PlannedDocument, goesBack = false): Cost {
  const { document } = planned;
  if (document.kind === "adoption") return adoptionCost(plan, planned);
  if (!isSent(planned) || isNew(planned)) return nothing;
  if (goesBack && document.kind === "migration") return { impact: "none", meaning: "going back runs no migration" };
  const { services, parts } = plan.host;
  const restarted = movesOf(plan, planned).filter(({ move }) => move === "restarts" || move === "may restart");
  switch (document.resource) {
    case "shared":
    case "shared-after":
      return sharedCost(services, restarted);
    case "proxy":
      return proxyCost(parts.release?.services ?? [], restarted);
    case "rollout":
      return rolloutCost(plan, planned);
    case "confirm":
      return {
        impact: "none",
        meaning: `the release is recorded as verified; the one before it: ${warmText(document)}`,
      };
    case "networks":
      return networkCost(plan, planned);
    default:
      return costOfKind(planned);
  }
}

/** A hand-made project stops when the stack takes its place, and its containers go when they are given up. */
function adoptionCost(plan: HostPlan, planned: PlannedDocument): Cost {
  const first = adoptionGap(plan, planned);
  if (first !== undefined) return { impact: "gap", ...first };
  if (!isSent(planned)) return nothing;
  const { done } = planned.document.body;
  if (planned.before === undefined || done === undefined) return nothing;
  return { impact: "data", meaning: "the old containers are removed for good; volumes stay" };
}

/** The cost of networks that are made again; a blind plan does not know which. */
function networkCost(plan: HostPlan, planned: PlannedDocument): Cost {
  const isKnown = planned.change.kind !== "blind";
  const lost = lostNetworks(plan, planned);
  if (isKnown && lost.names.length === 0) {
    return { impact: "none", meaning: "networks come or go, and no service loses one that it has" };
  }
  const again = isKnown
    ? `${join(lost.names)} ${lost.names.length === 1 ? "is" : "are"} made again`
    : "networks change";
  const { services } = isKnown ? lost : plan.host;
  if (services.length === 0) return { impact: "none", meaning: `${again}; no service is there` };
  const names = services.map(({ name }) => name).sort();
  return {
    impact: "gap",
    meaning: `${again}: until then ${join(names)} ${verb("lose", names)} what is there`,
    gap: { seconds: usualSeconds.networks, atMost: longestBoot(services) },
  };
}

/** The cost of a document of which a stack may have several. */
function costOfKind(planned: PlannedDocument): Cost {
  switch (planned.document.kind) {
    case "migration":
      return migrationCost(planned);
    case "volume":
      return { impact: "data", meaning: "the guard of a data volume changes; the data stay as they are" };
    default:
      return nothing;
  }
}

function rolloutCost(plan: HostPlan, planned: PlannedDocument): Cost {
  const { document, change, before } = planned;
  if (change.kind === "repair" && !startsColour(planned, plan.observation)) {
    return { impact: "restart", meaning: "differences in the live colour are repaired in place" };
  }
  if (before !== undefined && before.body["made"] === document.body["made"]) {
    return { impact: "none", meaning: "the release that serves stays, and is checked in another way" };
  }
  if (document.body["strategy"] !== "recreate") {
    return { impact: "live", meaning: "the other colour comes up and is checked, then the proxy switches" };
  }
  const released = plan.host.parts.release?.services ?? [];
  return {
    impact: "gap",
    meaning: "the release that serves stops, then the other colour comes up and is checked: no answers until then",
    gap: { seconds: usualSeconds.recreate, atMost: longestBoot(released) },
  };
}

function warmText({ body }: PlannedDocument["document"]): string {
  if (body["warm"] === "none") return "removed";
  return `kept ${body["warm"] === "running" ? "running" : "stopped"}`;
}

function migrationCost({ document, before, drift }: PlannedDocument): Cost {
  const isSame = ["release", "image"].every((key) => before?.body[key] === document.body[key]);
  if (isSame && drift.length === 0) return { impact: "none", meaning: "this release was migrated already" };
  return { impact: "live", meaning: "it runs once for a release, while the previous release serves" };
}

/** The cost of changing shared services: users notice the restart of a service on which the release depends. */
function sharedCost(services: readonly StackService[], moves: readonly ServiceMove[]): Cost {
  const restarted = services.filter(({ name }) => moves.some(({ service }) => service === name));
  if (restarted.length === 0) return { impact: "none", meaning: "nothing that runs is touched" };
  const gap = { seconds: usualSeconds.shared, atMost: longestBoot(restarted) };
  const names = moves.map(({ service }) => service);
  const needed = names.filter((name) => dependentsOf(name, services).length > 0);
  if (needed.length === 0) return { impact: "restart", meaning: `${join(names)} ${verb("restart", names)}`, gap };
  const dependents = [...new Set(needed.flatMap((name) => dependentsOf(name, services)))].sort();
  const cause = `${join(needed)} ${verb("restart", needed)}`;
  const effect = `${join(dependents)} ${verb("depend", dependents)} on ${needed.length === 1 ? "it" : "them"}`;
  return { impact: "gap", meaning: `${cause}, and ${effect}`, gap };
}

function proxyCost(released: readonly StackService[], restarted: readonly ServiceMove[]): Cost {
  if (restarted.length === 0) return { impact: "none", meaning: "the proxy stays as it runs" };
  const meaning = `the proxy restarts: no answers on the ports of ${join(released.map(({ name }) => name))}`;
  return { impact: "gap", meaning, gap: { seconds: usualSeconds.proxy, atMost: 60 } };
}

/** The release services that depend on a service, directly or through others. */
function dependentsOf(needed: string, services: readonly StackService[]): string[] {
  const needs = (name: string, seen: readonly string[]): boolean =>
    Object.keys(services.find((one) => one.name === name)?.compose.dependsOn ?? {}).some(
      (other) => other === needed || (!seen.includes(other) && needs(other, [...seen, other])),
    );
  return services.filter(({ name, part }) => part === "release" && needs(name, [name])).map(({ name }) => name);
}

function longestBoot(services: readonly StackService[]): number {
  return Math.max(...services.map(({ settings }) => settings.boot), 0);
}

function join(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

/** The form of a verb after these names: "restarts" after one, "restart" after several. */
function verb(plural: string, names: readonly string[]): string {
  return names.length === 1 ? `${plural}s` : plural;
}
