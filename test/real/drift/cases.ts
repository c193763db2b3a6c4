const place = "/var/www/aaperture-staging";
const project = "aaperture-staging";
const claim = "/var/lib/slipway/claims-1/aaperture@staging";
const image = `$(docker inspect --format '{{.Image}}' ${project}-prometheus-1)`;
const label = "--label com.docker.compose";

/** A change that a person makes on the server by hand, and the difference that an observation reports. */
export interface DriftCase {
  readonly what: string;
  readonly act: string;
  /** Object of the document that is repaired. */
  readonly object: string;
  readonly where: string;
  readonly expected: string | RegExp;
  readonly found: string | RegExp;
}

const sum = /^sha256:[0-9a-f]{64}$/;

/** Recreates a container by hand, from a compose file of its project that was changed by this `sed` script. */
function byHand(folder: string, name: string, service: string, change: string): string {
  const edited = `/tmp/edited-${name}.yaml`;
  const env = folder.endsWith("/proxy") ? "/dev/null" : `${folder}/.env`;
  const options = `--project-directory ${folder} --env-file ${env} --file ${edited}`;
  const up = `docker compose --project-name ${name} ${options} up --detach --no-deps --pull never ${service}`;
  return `sed '${change}' ${folder}/compose.yaml >${edited}; ${up} 2>&1`;
}

const otherPortAndLabel = "s|127.0.0.1:18080:|127.0.0.1:19999:|; s|^    image:|    labels: { mine: one }\\n    image:|";

const files: readonly DriftCase[] = [
  {
    what: "the content of a delivered file",
    act: `echo '# mine' >>${place}/infra/prometheus/prometheus.yml`,
    object: "files",
    where: "infra/prometheus/prometheus.yml",
    expected: "as it was written",
    found: "changed by hand",
  },
  {
    what: "the mode of a delivered file",
    act: `chmod 0640 ${place}/infra/grafana/dashboards/api.json`,
    object: "files",
    where: "infra/grafana/dashboards/api.json mode",
    expected: "0644",
    found: "0640",
  },
  {
    what: "the owner of a delivered file",
    act: `chown nobody ${place}/infra/grafana/dashboards/api.json`,
    object: "files",
    where: "infra/grafana/dashboards/api.json owner",
    expected: "root",
    found: "nobody",
  },
  {
    what: "the absence of a delivered file",
    act: `rm ${place}/infra/grafana/provisioning/datasources/prometheus.yml`,
    object: "files",
    where: "infra/grafana/provisioning/datasources/prometheus.yml",
    expected: "file",
    found: "missing",
  },
  {
    what: "an env value",
    act: `sed -i 's|^FRONTEND_URL=.*|FRONTEND_URL="https://mine.example"|' ${place}/.env`,
    object: "secrets",
    where: ".env FRONTEND_URL",
    expected: "as it was delivered",
    found: "changed by hand",
  },
  {
    what: "an env value of the release",
    act: `sed -i 's|^FRONTEND_URL=.*|FRONTEND_URL="https://mine.example"|' ${place}/blue/.env`,
    object: "rollout",
    where: `${place}/blue/.env FRONTEND_URL`,
    expected: "as it was applied",
    found: "changed by hand",
  },
  {
    what: "the mode of an env file",
    act: `chmod 0644 ${place}/.env`,
    object: "secrets",
    where: ".env mode",
    expected: "0600",
    found: "0644",
  },
  {
    what: "a compose file",
    act: `echo '# mine' >>${place}/compose.yaml`,
    object: `compose:${project}`,
    where: `${place}/compose.yaml`,
    expected: sum,
    found: sum,
  },
  {
    what: "Traefik's own file",
    act: `echo '# mine' >>${place}/proxy/traefik.yaml`,
    object: `compose:${project}-proxy`,
    where: `${place}/proxy/traefik.yaml`,
    expected: sum,
    found: sum,
  },
  {
    what: "Traefik's routes",
    act: `echo '# mine' >>${place}/proxy/dynamic/routes.yaml`,
    object: "rollout",
    where: `${place}/proxy/dynamic/routes.yaml`,
    expected: "as it was written",
    found: "changed by hand",
  },
  {
    what: "the directory's mode",
    act: `chmod 0755 ${place}`,
    object: `directory:${place}`,
    where: place,
    expected: "root 0750 directory",
    found: "root 0755 directory",
  },
  {
    what: "the claim",
    act: `sed -i 's|^directory .*|directory /srv/elsewhere|; /^project ${project}-blue /d' ${claim}`,
    object: "claim",
    where: `claim project ${project}-blue`,
    expected: `project ${project}-blue blue`,
    found: "missing",
  },
];

const containers: readonly DriftCase[] = [
  {
    what: "a container that was stopped",
    act: `docker stop --time 1 ${project}-prometheus-1`,
    object: `compose:${project}`,
    where: `${project}-prometheus-1`,
    expected: "running",
    found: /^exited \(\d+\)$/,
  },
  {
    what: "a container that was removed",
    act: `docker rm --force ${project}-grafana-1`,
    object: `compose:${project}`,
    where: `${project}-grafana-1`,
    expected: "running",
    found: "missing",
  },
  {
    what: "a container with another image",
    act:
      `docker tag ${image} mine:1; ` +
      byHand(`${place}/blue`, `${project}-blue`, "web-blue", "s|image: .*|image: mine:1|"),
    object: "rollout",
    where: `${project}-blue-web-blue-1 image`,
    expected: /@sha256:[0-9a-f]{64}$/,
    found: "mine:1",
  },
  {
    what: "a container with another environment",
    act: byHand(`${place}/blue`, `${project}-blue`, "api-blue", "s|NODE_ENV: .*|NODE_ENV: debug|"),
    object: "rollout",
    where: `${project}-blue-api-blue-1 variable NODE_ENV`,
    expected: "the value that was applied",
    found: "another value",
  },
  {
    what: "a container with another port",
    act: byHand(`${place}/proxy`, `${project}-proxy`, "proxy", otherPortAndLabel),
    object: `compose:${project}-proxy`,
    where: `${project}-proxy-proxy-1 port 9001/tcp`,
    expected: "127.0.0.1:18080 ",
    found: "127.0.0.1:19999 ",
  },
  {
    what: "a container with another label",
    act: "true # the proxy has it by now",
    object: `compose:${project}-proxy`,
    where: `${project}-proxy-proxy-1 label mine`,
    expected: "none",
    found: "another value",
  },
  {
    what: "a container with another restart policy",
    act: `docker update --restart always ${project}-postgres-1`,
    object: `compose:${project}`,
    where: `${project}-postgres-1 restart policy`,
    expected: "unless-stopped",
    found: "always",
  },
  {
    what: "a second container of a service",
    act:
      `docker run --detach --name second ${label}.project=${project} ${label}.service=prometheus ` +
      `${label}.oneoff=False ${image}`,
    object: `compose:${project}`,
    where: "second",
    expected: "no such container",
    found: "a container",
  },
  {
    what: "a colour that was started by hand",
    act: `docker run --detach --name by-hand ${label}.project=${project}-green ${image}`,
    object: "rollout",
    where: `${project}-green`,
    expected: "no containers",
    found: "1 containers",
  },
  {
    what: "a network that was removed",
    act:
      `for id in $(docker ps --quiet --filter network=${project}_data); ` +
      `do docker network disconnect --force ${project}_data $id; done; docker network rm ${project}_data`,
    object: "networks",
    where: `network ${project}_data`,
    expected: "made for aaperture/staging",
    found: "missing",
  },
];

/** Changes that the first `up` repairs. */
export const firstCases: readonly DriftCase[] = [...files, ...containers];

/** Changes that would hide the first ones; a second `up` repairs them. */
export const secondCases: readonly DriftCase[] = [
  {
    what: "a network that was removed below stopped containers",
    act:
      `docker stop --time 1 ${project}-blue-api-blue-1 ${project}-blue-web-blue-1; ` +
      `docker network rm ${project}-blue_private`,
    object: "rollout",
    where: `${project}-blue-api-blue-1`,
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
    where: `claim project ${project}-blue`,
    expected: `project ${project}-blue blue`,
    found: "missing",
  },
];
