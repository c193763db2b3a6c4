import type { ServiceBase } from "../service.ts";

/** All names under which others call a service in a network of the file, its own first. */
export function namesIn(network: string, service: ServiceBase, all: readonly ServiceBase[]): string[] {
  const { name, part, compose } = service;
  // The engine itself answers for the host name of a container that stays; of a colour it would answer for both.
  const hostname = part === "release" ? compose.hostname : undefined;
  const further = [compose.containerName, hostname].filter((one) => one !== undefined);
  const aliases = compose.networks[network]?.aliases ?? [];
  return [...new Set([name, ...aliases, ...further, ...linkNames(network, service, all)])];
}

/** Names that services of another part have for it by their `links`. Within a part Compose itself knows them. */
function linkNames(network: string, service: ServiceBase, all: readonly ServiceBase[]): string[] {
  return all
    .filter(({ part, compose }) => part !== service.part && compose.networks[network] !== undefined)
    .flatMap(({ compose }) => Object.entries(compose.links ?? {}))
    .filter(([, target]) => target === service.name)
    .map(([name]) => name);
}
