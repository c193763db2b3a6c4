import type { Problem } from "../../model/problem.ts";
import { mayCall } from "../../model/stack/network/callers.ts";
import { publishedTargets, requestPort } from "../../model/stack/port/container-ports.ts";
import { needsAddress, takenPorts } from "../../model/stack/port/suggestion.ts";
import { publicationsOf, defaultAddress } from "../../model/stack/port/publication.ts";
import type { StackService } from "../../model/stack/service.ts";
import type { Stack } from "../../model/stack/stack.ts";
import type { ProposedKeys } from "./keys.ts";
import type { Proposal } from "./proposal.ts";

/** Everything that the compose files do not say, by the key that has it. The stack works with other answers as well. */
export function openQuestions({ keys, stack, taken }: Pick<Proposal, "keys" | "stack" | "taken">): Problem[] {
  return [
    ...stack.services.flatMap((service) => [
      ...requestQuestions(service, stack),
      ...movedQuestions(service, { keys, taken }),
      ...publicQuestions(service, stack),
    ]),
    ...jobQuestions(stack),
    ...folderQuestions(keys),
  ];
}

/** Asks for the port of a release service that is called, where the files name several, or none. */
function requestQuestions(service: StackService, { services }: Stack): Problem[] {
  const { name, part, job, compose, settings } = service;
  if (part !== "release" || job !== undefined || requestPort({ compose, settings }) !== undefined) return [];
  const path = `services.${name}.port`;
  const ports = publishedTargets(compose.ports).filter(({ protocol }) => protocol === "tcp");
  if (ports.length > 0) {
    const what = `is not known, since the service publishes ${ports.length} ports`;
    return [{ path, what, todo: "write the one that answers HTTP requests, if any" }];
  }
  const callers = services.filter((other) => other.part === "shared" && mayCall(other, service));
  if (callers.length === 0) return [];
  const what = `is not known, and ${callers.map(({ name: caller }) => quoted(caller)).join(", ")} may call the service`;
  return [{ path, what, todo: "write the port that it answers on" }];
}

/** Asks for ports in place of those of the compose file that something else has on the server. */
function movedQuestions(service: StackService, { keys, taken }: Pick<Proposal, "keys" | "taken">): Problem[] {
  const ports = takenPorts(service, taken);
  if (ports.length === 0 || !Object.hasOwn(keys.ports, service.name)) return [];
  const what = `has another port than the compose file, since ${ports.join(" and ")} is taken on the server`;
  return [{ path: `ports.${service.name}`, what, todo: "write the one that you want" }];
}

/** Asks who may reach ports 80 and 443, and ports that the file leaves to Docker. */
function publicQuestions(service: StackService, { ports }: Stack): Problem[] {
  const path = `ports.${service.name}`;
  const settings = ports[service.name];
  if (settings === undefined || service.part === "migration") return [];
  const guarded = publicationsOf(service, settings).filter(
    (place) => place.address === defaultAddress && needsAddress(place),
  );
  const numbers = [...new Set(guarded.map(({ first }) => first))].join(" and ");
  const isOpen = "only" in settings ? settings.only === "none" : settings.mapped.some(({ at }) => at === "none");
  return [
    ...(guarded.length === 0
      ? []
      : [
          {
            path,
            what: `is open only to the server itself, got ${numbers}`,
            todo: "write 0.0.0.0 in place of 127.0.0.1 to open it to everybody",
          },
        ]),
    ...(isOpen
      ? [{ path, what: "is none, since the file lets Docker choose", todo: "write a server port to publish it" }]
      : []),
  ];
}

/** Asks whether a job of the release changes a database. */
function jobQuestions({ services }: Stack): Problem[] {
  const jobs = services.filter(({ part, job }) => part === "release" && job !== undefined);
  return jobs.map(({ name }) => ({
    path: `services.${name}`,
    what: "is a job of the release, which runs each time the release starts",
    todo: "name it in migration if it changes a database: then it runs once for each release",
  }));
}

/** Asks whether folders hold data. */
function folderQuestions({ folders }: ProposedKeys): Problem[] {
  if (folders.length === 0) return [];
  const names = folders.map(quoted).join(", ");
  const what = `has folders that git does not track, which slipway takes for data, got ${names}`;
  return [{ path: "folders", what, todo: "commit those that hold no data, and remove them here" }];
}

function quoted(text: string): string {
  return `'${text}'`;
}
