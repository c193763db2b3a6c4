import { sshConnection } from "../model/connection.ts";
import { connect } from "../remote/connect.ts";
import { sshCommand } from "../remote/ssh.ts";
import { mustRun } from "../toolchain/must-run.ts";
import type { ObservationScope } from "../model/facts/scope.ts";
import type { Bench } from "./bench.ts";
import { alternate } from "./measure.ts";

/** The scope of an observation of aaperture's staging, as model/stack/observation-scope.ts makes it. */
const scope: ObservationScope = {
  directory: "/var/www/aaperture-staging",
  projects: [
    "aaperture-staging",
    "aaperture-staging-slipway-proxy",
    "aaperture-staging-blue",
    "aaperture-staging-green",
  ],
  ports: ["15432", "18080", "18081", "19090", "13001"].map((port) => `127.0.0.1:${port}`),
  volumes: ["aaperture-staging_grafana", "aaperture-staging_pgdata", "aaperture-staging_prometheus"],
  networks: [],
  containers: [],
  subnets: [],
  bridges: [],
  bound: {},
  clusters: { "aaperture-staging_pgdata": "." },
};

/** Starts containers of somebody else until the server has so many. */
export async function fillWithContainers({ ours, servers }: Bench, count: number): Promise<void> {
  const image = `registry.test:5000/app@${await servers.registry.digest("app", "base")}`;
  const script = `docker image inspect ${image} >/dev/null 2>&1 || docker pull --quiet ${image} >/dev/null
    for ((n = $(docker ps --quiet | wc -l); n < ${count}; n++)); do
      docker run --detach --label bench=yes --env PORT=8080 ${image}
    done`;
  const { code, stderr } = await ours.exec(["bash", "-ceu", script]);
  if (code !== 0) throw new Error(`the containers did not start\n${stderr}`);
}

/** Removes the containers that fillWithContainers started. */
export async function removeFilling({ ours }: Bench): Promise<void> {
  await ours.exec(["bash", "-c", "docker rm --force $(docker ps --quiet --filter label=bench=yes)"]);
}

/** Seconds of an observation, and of a bare connection that inspects all containers; medians, alternating. */
export async function timesOfObservation(
  { servers, ours }: Bench,
  rounds: number,
): Promise<{ readonly ours: number; readonly control: number }> {
  const { networkAddress: address, hostKey } = ours;
  const connection = sshConnection({ address, port: 22, user: "root", hostKey });
  const environment = { ...process.env, SSH_AUTH_SOCK: servers.agentSocket };
  const observe = async (): Promise<void> => {
    const client = await connect({ connection, stack: "aaperture/staging", environment, say: () => undefined });
    await client.observe(scope);
    await client.close();
  };
  const inspect = sshCommand(connection, "docker inspect $(docker ps --all --quiet)");
  const { one, other } = await alternate(rounds, observe, () => mustRun(inspect, { env: environment }));
  return { ours: one, control: other };
}
