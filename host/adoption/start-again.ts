import { messageOf } from "../../model/problem.ts";
import { Failure } from "../failure.ts";
import { waitReady } from "../health/wait.ts";
import { keptId, type Adoption, type KeptContainer } from "../state/adoption-memory.ts";
import type { Work } from "../work.ts";
import { inWaves } from "./order.ts";

/** Seconds that a service may take to become ready again. */
const readySeconds = 180;

/**
 * Starts what ran, each after what it needs is ready. One that fails does not keep the others from starting: what they
 * need may come back later, and nobody can wait for it.
 */
export async function startAll({ project, containers }: Adoption, work: Work): Promise<void> {
  const failed: string[] = [];
  for (const wave of inWaves(containers)) {
    const ran = wave.filter((one) => one.ran && !one.description.HostConfig.AutoRemove);
    for (const one of ran) failed.push(...(await started(one, work)));
    work.changed();
    failed.push(...(await notReady(project, ran, work)));
  }
  if (failed.length === 0) return;
  const what = `${failed.join(", ")} (document ${work.number})`;
  throw new Failure("adoption", `${what}; look at its log, then run \`slipway adopt --undo\` again`);
}

async function started(kept: KeptContainer, work: Work): Promise<string[]> {
  const { Name: name } = kept.description;
  work.say("adoption", `starts '${name}'`);
  try {
    await work.engine.start(keptId(kept));
    return [];
  } catch (error) {
    return [`'${name}' does not start: ${messageOf(error)}`];
  }
}

async function notReady(project: string, ran: readonly KeptContainer[], work: Work): Promise<string[]> {
  const { engine, signal, progress } = work;
  const there = new Map((await work.containers()).map((container) => [container.id, container]));
  const well = ran.filter((one) => one.well && there.get(keptId(one))?.state !== "created");
  const awaited = [...new Set(well.map(({ service }) => service))].map((name) => {
    const only = new Set(well.filter(({ service }) => service === name).map(keptId));
    return { name, deadline: readySeconds, only };
  });
  const failed = await waitReady(engine, project, awaited, { signal, progress });
  return failed.map(({ service, why }) => `'${service}' of project '${project}' ${why}`);
}
