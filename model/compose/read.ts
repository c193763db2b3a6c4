import type { Application, Service } from "./application.ts";
import { checkSum } from "./files.ts";
import { loadProject, type ComposeProject } from "./project.ts";
import type { Reading, ReadingInput } from "./reading.ts";
import { checkVolumes } from "./resources.ts";
import { fileMounts, readService } from "./service.ts";
import { listOf } from "../json.ts";
import type { Problem } from "../problem.ts";

/** A Compose application as far as it could be read, and everything that is wrong with it. */
interface ReadApplication {
  /** Undefined where the file itself could not be read. */
  readonly application: Application | undefined;
  /** Every service of the file, also those that are not deployed. */
  readonly names: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads the developers' Compose file with all that belongs to it, as a deployment needs it. */
export function readApplication(input: ReadingInput): ReadApplication {
  const reading: Reading = { ...input, problems: [], notes: [] };
  const project = loadProject(reading);
  if (project === undefined) return { application: undefined, names: [], problems: reading.problems };
  const deployed = deployedServices(reading, project);
  const services = deployed.flatMap((name): [string, Service][] => {
    const service = readService(reading, project, name, deployed);
    return service === undefined ? [] : [[name, service]];
  });
  const application = applicationOf(reading, project, services);
  return { application, names: [...project.services.keys()], problems: unique(reading.problems) };
}

function applicationOf(reading: Reading, project: ComposeProject, services: readonly [string, Service][]): Application {
  const mounts = services.flatMap(([, service]) => service.mounts);
  const volumes = mounts.flatMap((mount) =>
    mount.type === "volume" && mount.source !== undefined ? [mount.source] : [],
  );
  const used = [...new Set(volumes)].sort();
  checkVolumes(reading, project, used);
  checkSum(
    reading,
    services.flatMap(([, service]) => fileMounts(service)),
  );
  return { services: Object.fromEntries(services), volumes: used, notes: reading.notes };
}

/** A service with profiles runs only where somebody asks for it; the stack asks by naming it. */
function deployedServices(reading: Reading, project: ComposeProject): string[] {
  return [...project.services].flatMap(([name, service]) => {
    if (listOf(service.fields["profiles"]).length === 0 || reading.services[name] !== undefined) return [name];
    reading.notes.push(`${name}: is not deployed, since it has profiles and the stack does not name it`);
    return [];
  });
}

/** A service that two others extend is read twice, and so are its problems. */
function unique(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
