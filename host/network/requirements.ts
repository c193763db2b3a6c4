import { bridgeOption } from "../../model/bridge.ts";
import { guestsOfNetwork } from "../../model/facts/network/guests.ts";
import type { EngineNetwork } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import { bridgeFacts } from "./bridges.ts";
import type { Work } from "../work.ts";
import { foreignMembers } from "./members.ts";
import { ownerOf, type WantedNetwork } from "./wanted.ts";

/** Requires that a network of others is there, and that one of the stack is not of somebody else. */
export function requireOwner(
  name: string,
  { external }: WantedNetwork,
  network: EngineNetwork | undefined,
  { places: { stack }, number }: Work,
): void {
  if (external === "true") {
    if (network !== undefined) return;
    const what = `the external network '${name}' is not there (document ${number})`;
    throw failure(`${what}; start what makes it, or make it with \`docker network create ${name}\``);
  }
  if (network === undefined || ownerOf(network) === stack) return;
  const what = `a network '${name}' is there already and is not of ${stack} (document ${number})`;
  throw failure(`${what}; choose another \`project\`, or remove the network if nothing uses it`);
}

/** The engine would take a bridge that is there, and remove it with the network. */
export function requireOwnBridge(
  name: string,
  { options }: WantedNetwork,
  network: EngineNetwork | undefined,
  { number }: Work,
): void {
  const bridge = options?.[bridgeOption];
  if (bridge === undefined || network?.Options?.[bridgeOption] === bridge) return;
  if (bridgeFacts([bridge], []).length === 0) return;
  const what = `the bridge '${bridge}' of network '${name}' is there already (document ${number})`;
  throw failure(`${what}; give it another name in driver_opts, or none`);
}

/** Asks the rule of the preview again. */
export async function requireOwnMembers(name: string, work: Work): Promise<void> {
  const projects = Object.keys(work.state.body("claim")?.projects ?? {});
  const problem = guestsOfNetwork(name, foreignMembers(name, projects, await work.containers()));
  if (problem !== undefined) throw failure(`network ${problem.what} (document ${work.number}); ${problem.todo}`);
}

function failure(message: string): Failure {
  return new Failure("networks", message);
}
