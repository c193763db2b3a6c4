import { claim, place, project, type DriftCase } from "./drift-case.ts";
import { fileCases } from "./file-cases.ts";

const image = `$(docker inspect --format '{{.Image}}' ${project}-prometheus)`;
const label = "--label com.docker.compose";
const ofPrometheus = `${label}.project=${project} ${label}.service=prometheus ${label}.oneoff=False`;

/** Recreates a container by hand, from a compose file of its project that was changed by this `sed` script. */
function byHand(folder: string, name: string, service: string, change: string): string {
  const edited = `/tmp/edited-${name}.yaml`;
  const options = `--project-directory ${folder} --env-file ${folder}/.env --file ${edited}`;
  const up = `docker compose --project-name ${name} ${options} up --detach --no-deps --pull never ${service}`;
  return `sed '${change}' ${folder}/compose.yaml >${edited}; ${up} 2>&1`;
}

/** Starts the colour that does not serve, from the files of the one that does. */
const idleColourByHand =
  `cp -r ${place}/blue /tmp/green; sed -i 's|-blue|-green|g' /tmp/green/compose.yaml; ` +
  `cd /tmp/green; docker compose --project-name ${project}-green up --detach --pull never 2>&1`;

const otherPortAndLabel = "s|127.0.0.1:15432:|127.0.0.1:19999:|; s|^    image:|    labels: { mine: one }\\n    image:|";

const containers: readonly DriftCase[] = [
  {
    what: "a container that was stopped",
    act: `docker stop --time 1 ${project}-prometheus`,
    object: `compose:${project}`,
    where: `${project}-prometheus`,
    expected: "running",
    found: /^exited \(\d+\)$/,
  },
  {
    what: "a container that was removed",
    act: `docker rm --force ${project}-grafana`,
    object: `compose:${project}`,
    where: `${project}-grafana`,
    expected: "running",
    found: "missing",
  },
  {
    what: "a container with another image",
    act:
      `docker tag ${image} mine:1; ` +
      byHand(`${place}/blue`, `${project}-blue`, "web-blue", "s|image: .*|image: mine:1|"),
    object: "rollout",
    where: `${project}-web-blue image`,
    expected: /@sha256:[0-9a-f]{64}$/,
    found: "mine:1",
  },
  {
    what: "a container with another environment",
    act: byHand(`${place}/blue`, `${project}-blue`, "api-blue", "s|NODE_ENV: .*|NODE_ENV: debug|"),
    object: "rollout",
    where: `${project}-api-blue variable NODE_ENV`,
    expected: "the value that was applied",
    found: "another value",
  },
  {
    what: "a container with another port",
    act: byHand(place, project, "postgres", otherPortAndLabel),
    object: `compose:${project}`,
    where: `${project}-postgres port 5432/tcp`,
    expected: "127.0.0.1:15432",
    found: "127.0.0.1:19999",
  },
  {
    what: "a container with another label",
    act: "true # postgres has it by now",
    object: `compose:${project}`,
    where: `${project}-postgres label mine`,
    expected: "none",
    found: "another value",
  },
  {
    what: "a container with another restart policy",
    act: `docker update --restart always ${project}-postgres`,
    object: `compose:${project}`,
    where: `${project}-postgres restart policy`,
    expected: "unless-stopped",
    found: "always",
  },
  {
    what: "a second container of a service",
    act: `docker run --detach --name ${project}-prometheus-2 ${ofPrometheus} ${image}`,
    object: `compose:${project}`,
    where: `${project}-prometheus-2`,
    expected: "no such container",
    found: "a container",
  },
  {
    what: "an idle colour that was started by hand",
    act: idleColourByHand,
    object: "rollout",
    where: `${project}-green`,
    expected: "no containers",
    found: `${project}-api-green ${project}-web-green`,
  },
  {
    what: "a network that was removed",
    act:
      `for id in $(docker ps --quiet --filter network=${project}_default); ` +
      `do docker network disconnect --force ${project}_default $id; done; docker network rm ${project}_default`,
    object: "networks",
    where: `network ${project}_default`,
    expected: "made for aaperture/staging",
    found: "missing",
  },
];

/** Changes that the first `up` repairs. */
export const firstCases: readonly DriftCase[] = [...fileCases, ...containers];

/** Changes that would hide the first ones; a second `up` repairs them. */
export const secondCases: readonly DriftCase[] = [
  {
    what: "a network that was removed below stopped containers",
    act:
      `docker stop --time 1 ${project}-api-blue ${project}-web-blue; ` +
      `docker network disconnect --force ${project}_default-blue ${project}-slipway-proxy; ` +
      `docker network rm ${project}_default-blue`,
    object: "rollout",
    where: `${project}-api-blue`,
    expected: "running",
    found: /^exited/,
  },
  {
    what: "the directory with all that is in it",
    act: `rm -rf ${place}`,
    object: `directory:${place}`,
    where: place,
    expected: "root 0750 directory",
    found: "missing",
  },
  {
    what: "the claim itself",
    act: `rm ${claim}`,
    object: "claim",
    where: "claim",
    expected: "held",
    found: "missing or damaged",
  },
];
