import { eventually } from "../../hosts/condition.ts";
import type { AdoptionServer } from "./adoption-server.ts";
import { composeText, externalVolumes, folderOf, foldersOf, password, type HandMade } from "./hand-made.ts";
import { recordOf, type Recorded } from "./recorded.ts";
import { servicesAnswer } from "./rows.ts";

/** Starts an application as somebody does who has its compose file, and returns what then runs. */
export async function startByHand(site: AdoptionServer, deployment: HandMade): Promise<Recorded> {
  const folder = folderOf(deployment);
  const { server, started } = site;
  await site.on(`mkdir -p ${folder}; cat > ${folder}/compose.yaml`, composeText(deployment, started.registry.address));
  await site.on(`umask 077; cat > ${folder}/.env`, `DB_PASSWORD=${password}\n`);
  // Redis and Postgres have this user; nobody else writes as another one than root.
  for (const path of foldersOf(deployment)) await site.on(`mkdir -p ${path}; chown 999:999 ${path}`);
  for (const volume of externalVolumes(deployment)) await site.on(`docker volume create ${volume}`);
  await composeUp(site, deployment);
  await servicesAnswer(server, deployment);
  return await settled(site, deployment);
}

/** Runs `docker compose up` in the folder of a hand-made deployment. */
export async function composeUp(site: AdoptionServer, deployment: HandMade): Promise<void> {
  await site.on(`cd ${folderOf(deployment)}; docker compose up --detach --no-build --quiet-pull 2>&1`);
}

/** What runs as soon as no health check is undecided. */
export async function settled({ server }: AdoptionServer, { project }: HandMade): Promise<Recorded> {
  return await eventually("every health check is decided", 120, async () => {
    const recorded = await recordOf(server, project);
    return recorded.containers.some(({ state }) => state.includes("starting")) ? undefined : recorded;
  });
}
