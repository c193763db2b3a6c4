import { collide, readServerPort, serverPortText, type ServerPort } from "../../server-port.ts";
import type { HandMade } from "./hand-made.ts";

type OwnedPort = ServerPort & { readonly service: string };

/** A port of a container by hand, and the service of the stack that gets it. */
export interface HandMadePort {
  readonly container: string;
  /** As `serverPortText` writes it. */
  readonly text: string;
  /** Undefined if the stack does not publish the port. */
  readonly service: string | undefined;
  /** The port as the stack publishes it, if that is at another address. */
  readonly elsewhere: string | undefined;
}

/** The published ports of a hand-made project, and what the stack makes of each. */
export function handMadePorts(
  { containers }: Pick<HandMade, "containers">,
  owned: readonly OwnedPort[],
): HandMadePort[] {
  return containers.flatMap(({ name: container, ports }) =>
    ports.map((text) => {
      const port = readServerPort(text);
      const owners = port === undefined ? [] : owned.filter((one) => collide(one, port));
      const owner = owners.find(({ address }) => address === port?.address) ?? owners[0];
      const moves = port !== undefined && owner !== undefined && owner.address !== port.address;
      const elsewhere = moves ? serverPortText({ ...port, address: owner.address }) : undefined;
      return { container, text, service: owner?.service, elsewhere };
    }),
  );
}
