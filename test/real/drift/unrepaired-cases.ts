import { place, project } from "./drift-case.ts";

/** Things beside the stack: an observation reports them, and no run touches them. */
export const foreignCases: readonly {
  readonly what: string;
  readonly act: string;
  readonly where: string;
  readonly found: RegExp;
  readonly still: string;
}[] = [
  {
    what: "an extra file",
    act: `echo mine >${place}/notes.txt`,
    where: `${place}/notes.txt`,
    found: /^a file that slipway did not write$/,
    still: `cat ${place}/notes.txt`,
  },
  {
    what: "an extra file in a delivered folder",
    act: `echo mine >${place}/infra/grafana/dashboards/mine.json`,
    where: `${place}/infra/grafana/dashboards/mine.json`,
    found: /^a file that slipway did not write$/,
    still: `cat ${place}/infra/grafana/dashboards/mine.json`,
  },
  {
    what: "a foreign container",
    act:
      `docker run --detach --name guest --network ${project}_default-calls $(docker inspect --format '{{.Image}}' ` +
      `${project}-prometheus)`,
    where: "container guest",
    found: /^sha256:[0-9a-f]+, in network aaperture-staging_default-calls$/,
    still: "docker inspect --format '{{.Id}} {{.State.Status}} {{.State.StartedAt}}' guest",
  },
  {
    what: "a foreign container that says it is of ours",
    act:
      `docker run --detach --name second --label com.docker.compose.project=${project} ` +
      "--label com.docker.compose.service=prometheus --label com.docker.compose.oneoff=False " +
      `$(docker inspect --format '{{.Image}}' ${project}-prometheus)`,
    where: "container second",
    found: /^sha256:[0-9a-f]+ of project aaperture-staging, which slipway did not make$/,
    still: "docker inspect --format '{{.Id}} {{.State.Status}} {{.State.StartedAt}}' second",
  },
  {
    what: "a foreign process",
    act: `cd ${place}/infra; setsid sleep 100000 </dev/null >/dev/null 2>&1 & echo $! >/run/foreign-process`,
    where: `${place}/infra`,
    found: /^process \d+ \(sleep\) works there$/,
    still: "cat /proc/$(cat /run/foreign-process)/comm",
  },
];

/** Losses of data: a run stops and gives instructions. `mend` is the restore. */
export const dataCases: readonly {
  readonly what: string;
  readonly act: string;
  readonly mend: string;
  readonly said: RegExp;
}[] = [
  {
    what: "a volume that was removed",
    act:
      `docker rm --force ${project}-postgres; cp -a /var/lib/docker/volumes/${project}_pgdata/_data /tmp/kept; ` +
      `docker volume rm ${project}_pgdata`,
    mend:
      `docker volume create ${project}_pgdata; rm -rf /var/lib/docker/volumes/${project}_pgdata/_data; ` +
      `mv /tmp/kept /var/lib/docker/volumes/${project}_pgdata/_data`,
    said: /aaperture-staging_pgdata.*restore/s,
  },
  {
    what: "a volume that was emptied",
    act:
      `docker rm --force ${project}-postgres >/dev/null 2>&1; mkdir /tmp/moved; ` +
      `mv /var/lib/docker/volumes/${project}_pgdata/_data/* /tmp/moved/`,
    mend: `mv /tmp/moved/* /var/lib/docker/volumes/${project}_pgdata/_data/`,
    said: /aaperture-staging_pgdata.*restore/s,
  },
];
