import { z } from "zod";
import { projectOf, serviceInColour, type Colour } from "../colour.ts";
import { readBody } from "../document/bodies.ts";
import type { Job } from "../job.ts";
import { readDocument } from "../document/reader.ts";
import type { AppliedFact, ContainerFact, Observation } from "./observation.ts";

/** A service that is not well, as a probe or an observation found it. */
export const unhealthySchema = z.object({
  /** Its name in the compose file; the proxy is `slipway-proxy`. */
  service: z.string(),
  /** The compose project on the server. */
  project: z.string(),
  /** Such as `is unhealthy`; it follows the name. */
  why: z.string(),
});

export type UnhealthyService = Readonly<z.output<typeof unhealthySchema>>;

/**
 * The applied services of which a container is not well, by what an observation found. Ill health changes no document:
 * a preview reports it, and `up` waits and probes. A service without a container differs from its document instead.
 */
export function unhealthyServices({ applied, containers, release }: Observation): UnhealthyService[] {
  const live = release?.colours.find(({ state }) => state === "live")?.colour;
  return applied.flatMap((fact) => {
    const { project, services } = servicesOf(fact, live);
    return containers.flatMap((container): UnhealthyService[] => {
      const started = container.project === project ? services.get(container.service) : undefined;
      if (started === undefined) return [];
      const why = whyUnhealthy(container, started);
      return why === undefined ? [] : [{ service: started.name, project, why }];
    });
  });
}

/** Missing containers, taken from the differences to the applied documents. A preview shows them as drift. */
export function missingContainers({ applied, release }: Observation): UnhealthyService[] {
  const live = release?.colours.find(({ state }) => state === "live")?.colour;
  return applied.flatMap((fact) => {
    const gone = fact.differences.filter(({ expected, found }) => expected === "running" && found === "missing");
    const { project } = servicesOf(fact, live);
    return gone.map(({ where }) => ({ service: where, project, why: "has no container" }));
  });
}

/** A compose project that a document started. */
interface StartedServices {
  readonly project: string;
  /** By their names in the project. */
  readonly services: ReadonlyMap<string, StartedService>;
}

interface StartedService {
  /** Its name in the compose file. */
  readonly name: string;
  readonly job: Job | undefined;
}

const nothing: StartedServices = { project: "", services: new Map() };

function servicesOf({ kind, text }: AppliedFact, live: Colour | undefined): StartedServices {
  const body = readDocument(text)?.document.body;
  const shared = kind === "compose" ? readBody("compose", body).body : undefined;
  if (shared !== undefined) return { project: shared.project, services: namesOf(shared, (name) => name) };
  const rollout = kind === "rollout" ? readBody("rollout", body).body : undefined;
  if (rollout === undefined || live === undefined) return nothing;
  const services = namesOf(rollout, (name) => serviceInColour(name, live));
  return { project: projectOf(live, rollout.project), services };
}

function namesOf(
  { services }: { readonly services: Readonly<Record<string, { readonly job?: Job | undefined }>> },
  inProject: (name: string) => string,
): StartedServices["services"] {
  return new Map(Object.entries(services).map(([name, { job }]) => [inProject(name), { name, job }]));
}

/** The way in which a container is not well; undefined if it is, or if its health check has not decided yet. */
function whyUnhealthy(
  { state, health, exitCode, done }: ContainerFact,
  { job }: Pick<StartedService, "job">,
): string | undefined {
  if (done || (job === "ends" && state === "exited" && exitCode === 0)) return undefined;
  if (job !== undefined && state === "exited") return `ended with exit code ${exitCode}`;
  if (state === "restarting") return "restarts again and again";
  if (state !== "running") return `is ${state}`;
  return health === "unhealthy" ? "is unhealthy" : undefined;
}
