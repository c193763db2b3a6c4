import { connectionOf } from "../model/connection.ts";
import type { ObservationScope } from "../model/stack/observation-scope.ts";
import { connect } from "../remote/connect.ts";
import { newRun } from "../remote/run.ts";
import { sshCommand } from "../remote/ssh.ts";
import { mustRun } from "../toolchain/must-run.ts";
import type { Bench } from "./bench.ts";
import { alternate, decimal } from "./measure.ts";

/** The number of containers on the server. */
const count = 20;

/** The request of an observation of staging, as model/stack/observation-scope.ts makes it. */
const wants: ObservationScope = {
  directory: "/var/www/aaperture-staging",
  projects: ["aaperture-staging", "aaperture-staging-proxy", "aaperture-staging-blue", "aaperture-staging-green"],
  ports: ["15432", "18080", "18081", "19090", "13001"],
  volumes: ["aaperture-staging_grafana", "aaperture-staging_pgdata", "aaperture-staging_prometheus"],
  clusters: { "aaperture-staging_pgdata": "." },
};

/** Compares an observation of a server that has twenty containers with a plain `docker inspect` over SSH. */
export async function benchObservation({ servers, ours, say }: Bench): Promise<void> {
  const { networkAddress: address, hostKey } = ours;
  const connection = connectionOf({ address, port: 22, user: "root", hostKey });
  const fill = `image=$(docker inspect --format '{{.Config.Image}}' aaperture-staging-prometheus-1)
    for ((n = $(docker ps --quiet | wc -l); n < ${count}; n++)); do
      docker run --detach --entrypoint sleep "$image" inf
    done`;
  await ours.exec(["bash", "-ceu", fill]);
  const environment = { ...process.env, SSH_AUTH_SOCK: servers.agentSocket };
  const stack = "aaperture/staging";
  const run = newRun(stack, environment, new Date());
  const observe = async (): Promise<void> => {
    const client = connect({ connection, stack, run, environment, say: () => undefined });
    await client.observe(wants);
    await client.close();
  };
  const inspect = sshCommand(connection, "docker inspect $(docker ps --all --quiet)");
  const control = (): Promise<unknown> => mustRun(inspect, { env: environment });
  const { one, other } = await alternate(9, observe, control);
  const name = `observation of ${count} containers`;
  say(`${name}: ${decimal(one)} s, docker inspect over ssh ${decimal(other)} s (medians of 9, alternating)`);
  say(`${name}: ${decimal(one / other)} × docker inspect over ssh (at most 1.5 ×)`);
}
