import { setTimeout as pause } from "node:timers/promises";
import type { HostConfig } from "../../config/schema.ts";
import { connectionOf } from "../../model/connection.ts";
import { onlyTheServer } from "../../model/stack/wants.ts";
import { HostClient } from "../../remote/host-client.ts";
import { bundleHostProgram } from "../../remote/program.ts";
import { newRun } from "../../remote/run.ts";
import type { Call } from "../commands/command.ts";
import { note } from "../output.ts";
import { readProject, stackName } from "../pulumi.ts";
import { stackHost } from "../stack-host.ts";

/** How long the server may take to notice that a killed run is gone; its own patience with a silent connection is half of that. */
const patience = 60_000;

/** What a server lets one doubt; a session ends by itself soon, a server that cannot be asked does not answer soon. */
interface Doubt {
  readonly said: string;
  readonly mayEnd: boolean;
}

/**
 * Why the holder of a stack's state lock may still be alive, as far as its server knows: a session of the stack is open there. The session of a killed run ends
 * soon after it, so this waits a while. Undefined where none is open, and where the stack names no server.
 */
export async function openSession(call: Call): Promise<string | undefined> {
  const deadline = performance.now() + patience;
  let told = false;
  for (;;) {
    const doubt = await look(call);
    if (doubt?.mayEnd !== true || performance.now() > deadline) return doubt?.said;
    if (!told) note(`${doubt.said}; waits up to ${patience / 1000} s for it to end`);
    told = true;
    await pause(1000);
  }
}

async function look(call: Call): Promise<Doubt | undefined> {
  const host = await stackHost(call);
  if (host === undefined) return undefined;
  const stack = `${readProject(call).name}/${await stackName(call)}`;
  const holder = await leaseHolder(host, stack, call.environment);
  if ("said" in holder) return { ...holder, mayEnd: false };
  if (holder.name?.startsWith(`${stack},`) !== true) return undefined;
  return { said: `a session is open on ${host.address}: ${holder.name}`, mayEnd: true };
}

/** Who holds the server's lease, or why that is not known. */
async function leaseHolder(host: HostConfig, stack: string, environment: NodeJS.ProcessEnv): Promise<Holder> {
  const run = newRun(stack, environment, new Date()).id;
  const connection = connectionOf(host);
  const say = (): undefined => undefined;
  const client = new HostClient({ connection, program: bundleHostProgram(), stack, run, environment, say });
  try {
    return { name: (await client.observe(onlyTheServer)).leaseHolder };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { said: `${host.address} cannot be asked for an open session: ${said}` };
  } finally {
    await client.close();
  }
}

type Holder = { readonly name: string | undefined } | { readonly said: string };
