import type { TestServers } from "../../hosts/servers.ts";
import type { Player } from "../../compose-cases/conversation/player.ts";

/** Pushes the images of all services of a case for one release, and returns them by service. */
export async function pushImages(
  started: TestServers,
  name: string,
  players: readonly Player[],
  release: string,
): Promise<Readonly<Record<string, string>>> {
  const { registry } = started;
  const images: [string, string][] = [];
  for (const { service, real, ends, known, own, programs, cluster } of players) {
    if (real !== undefined) {
      const [repository = "", tag = ""] = real.split(":");
      images.push([service, `${registry.address}/${repository}@${await registry.digest(repository, tag)}`]);
      continue;
    }
    const ports = [...known, ...(own === undefined ? [] : [own])];
    const of = (protocol: string) => ports.filter((port) => port.protocol === protocol).map(({ number }) => number);
    const image = { service, release, ends, tcp: of("tcp"), udp: of("udp"), programs, cluster };
    images.push([service, await started.pushStandIn(image, `${name}/${service}`.toLowerCase())]);
  }
  return Object.fromEntries(images);
}
