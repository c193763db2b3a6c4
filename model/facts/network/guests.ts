import type { Problem } from "../../problem.ts";

/** Containers of others would lose a network that is made again for good, since nobody would connect them again. */
export function guestsOfNetwork(network: string, guests: readonly string[]): Omit<Problem, "path"> | undefined {
  if (guests.length === 0) return undefined;
  const names = `'${guests.join("', '")}'`;
  return {
    what: `'${network}' must be made again, and has containers that are not of this stack, got ${names}`,
    todo: `disconnect them with \`docker network disconnect ${network} <container>\`, and connect them again later`,
  };
}
