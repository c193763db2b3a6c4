import { placeText } from "../../model/data-place.ts";
import { Engine } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import { claimProject } from "./claimed.ts";
import type { Work } from "../work.ts";
import { adoptionOf, keptContainers, rememberAdoption } from "../state/adoption-memory.ts";

/** Removes the containers that were kept to go back to, for good; their volumes stay. */
export async function giveUp(project: string, work: Work): Promise<void> {
  const adoption = adoptionOf(work.state);
  if (adoption?.project !== project) {
    const what = `this stack has not taken the place of '${project}' (document ${work.number})`;
    throw new Failure("adoption", `${what}; remove adopt.done, and run \`slipway up\` first`);
  }
  const kept = keptContainers(await work.containers(), work.state);
  await Engine.during("adoption", async () => {
    for (const { id, name, mounts } of kept) {
      work.say("adoption", `removes '${name}', which was kept to go back`);
      await work.engine.removeContainer(id);
      const volumes = mounts.filter(({ type }) => type === "volume");
      for (const { source } of volumes) work.say("adoption", `keeps ${placeText(source)}`);
    }
  });
  work.changed();
  // Descriptions may hold secrets, and nobody needs them any more.
  rememberAdoption(work.state, { project, done: true, containers: [], networks: [] });
  claimProject(work);
}
