import { asksOf, reachedServices, type Ask } from "../../compose-cases/conversation/asks.ts";
import type { CaseDeployment } from "./case-deployment.ts";
import { askFrom, askOn, type DeployedContainer, type Reply } from "./containers.ts";
import { serverPorts } from "../../compose-cases/compare/ports.ts";
import type { Player, Port } from "../../compose-cases/conversation/player.ts";

/**
 * Lets every service ask every other one, and says what is not as the original file has it. Asking again is for
 * programs that take a while until they listen; what must not answer is asked each time.
 */
export async function conversationFaults(deployment: CaseDeployment, attempts = 15): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt += 1) {
    const faults = await askAll(deployment);
    if (faults.length === 0 || attempt === attempts) return faults;
  }
}

async function askAll(deployment: CaseDeployment): Promise<string[]> {
  const { comparison, players } = deployment;
  const running = (await deployment.containers()).filter(({ state }) => state === "running");
  const asks = asksOf(comparison, players);
  const present = players.filter(({ ends }) => !ends);
  const missing = present.filter(({ service }) => !running.some((one) => one.service === service));
  const faults = missing.map(({ service }) => `${service} does not run`);
  for (const container of running.filter(({ service }) => asks.has(service))) {
    faults.push(...(await faultsByName(deployment, container, asks.get(container.service) ?? [])));
    if (!container.onHostNetwork) faults.push(...(await faultsByAddress(deployment, container, running)));
  }
  return [...faults, ...(await faultsOfPorts(deployment))];
}

async function faultsByName(
  { server, players }: CaseDeployment,
  container: DeployedContainer,
  asks: readonly Ask[],
): Promise<string[]> {
  const replies = await askFrom(server, container, asks);
  return asks.flatMap((ask, index) => {
    const reply = replies[index];
    if (reply === undefined || isAsExpected(reply, ask.expected, players)) return [];
    const wanted = ask.expected.join(" or ") || "nobody";
    return [`${container.service} asks ${ask.name} ${portText(ask)}: ${wanted} answers, got ${shown(reply)}`];
  });
}

/** Only stand-ins say who they are; of a real program it counts that it takes the connection. */
function isAsExpected({ connected, service }: Reply, expected: readonly string[], players: readonly Player[]): boolean {
  if (expected.length === 0) return !connected;
  const hasReal = players.some((player) => player.real !== undefined && expected.includes(player.service));
  return connected && (hasReal || expected.includes(service));
}

/** An address is no way around a network: only who is reached by name answers at its address. */
async function faultsByAddress(
  { server, comparison, players }: CaseDeployment,
  container: DeployedContainer,
  running: readonly DeployedContainer[],
): Promise<string[]> {
  const reached = reachedServices(comparison, container.service);
  const all = players.flatMap(portsOf);
  const asks = running.flatMap(({ service, addresses }) => {
    const player = players.find((one) => one.service === service);
    // What is none of the file's services is the proxy, which may answer for any of them.
    if (player !== undefined && reached.has(service)) return [];
    const ports = player === undefined ? all : portsOf(player);
    return addresses.flatMap((name) => ports.map((port) => ({ name, ...port, service: player?.service })));
  });
  const replies = await askFrom(server, container, asks);
  return asks.flatMap((ask, index) => {
    const reply = replies[index];
    if (reply?.connected !== true) return [];
    const who = ask.service ?? reply.service;
    return who === "" || reached.has(who)
      ? []
      : [`${container.service} asks ${ask.name} ${portText(ask)}: nobody answers, got ${who}`];
  });
}

/** What the server publishes leads to its service. */
async function faultsOfPorts({ server, comparison, players }: CaseDeployment): Promise<string[]> {
  const asks = [...serverPorts(comparison)].flatMap(([service, ports]) =>
    Object.entries(ports).flatMap(([key, listeners]) => {
      const protocol = key.endsWith("/udp") ? ("udp" as const) : ("tcp" as const);
      return listeners.map((listener) => ({ ...placeOf(listener), protocol, service, port: key }));
    }),
  );
  const listening = asks.filter(({ service, port }) => {
    const player = players.find((one) => one.service === service);
    return player !== undefined && player.known.some((own) => `${own.number}/${own.protocol}` === port);
  });
  const replies = await askOn(server, listening);
  return listening.flatMap((ask, index) => {
    const reply = replies[index];
    if (reply === undefined || isAsExpected(reply, [ask.service], players)) return [];
    return [`the server at ${ask.name} ${portText(ask)}: ${ask.service} answers, got ${shown(reply)}`];
  });
}

function placeOf(listener: string): { readonly name: string; readonly number: string } {
  const [address = "", number = ""] = listener.split(" ");
  return { name: ["any", "0.0.0.0", "::"].includes(address) ? "127.0.0.1" : address, number };
}

function portsOf({ known, own }: Player): readonly Port[] {
  return own === undefined ? known : [...known, own];
}

function portText({ number, protocol }: Port): string {
  return `at ${number}/${protocol}`;
}

function shown({ addresses, connected, service }: Reply): string {
  const where = addresses === null || addresses.length === 0 ? "no such name" : addresses.join(" ");
  return connected ? `${service === "" ? "something" : service} (${where})` : `nobody (${where})`;
}
