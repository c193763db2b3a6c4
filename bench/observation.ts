import { connectionOf } from "../model/connection.ts";
import type { Wants } from "../model/stack/wants.ts";
import { HostClient } from "../remote/host-client.ts";
import { bundleHostProgram } from "../remote/program.ts";
import { sshCommand } from "../remote/ssh.ts";
import { mustRun } from "../toolchain/must-run.ts";
import type { Bench } from "./aaperture.ts";
import { inTurn, shown } from "./measure.ts";

const count = 20;

/** What a look at staging asks for, as model/stack/wants.ts makes it. */
const wants: Wants = {
  directory: "/var/www/aaperture-staging",
  projects: ["aaperture-staging", "aaperture-staging-proxy", "aaperture-staging-blue", "aaperture-staging-green"],
  ports: ["15432", "18080", "18081", "19090", "13001"],
  volumes: ["aaperture-staging_grafana", "aaperture-staging_pgdata", "aaperture-staging_prometheus"],
  clusters: { "aaperture-staging_pgdata": "." },
};

/** A whole look at a server with twenty containers, staging's among them, beside a bare connection that lists and inspects them. */
export async function benchLook({ servers, ours, say }: Bench): Promise<void> {
  const { networkAddress: address, hostKey } = ours;
  const connection = connectionOf({ address, port: 22, user: "root", hostKey });
  const fill = `image=$(docker inspect --format '{{.Config.Image}}' aaperture-staging-prometheus-1)
    for ((n = $(docker ps --quiet | wc -l); n < ${count}; n++)); do docker run --detach --entrypoint sleep "$image" inf; done`;
  await ours.exec(["bash", "-ceu", fill]);
  const environment = { ...process.env, SSH_AUTH_SOCK: servers.agentSocket };
  const program = bundleHostProgram();
  const look = async (): Promise<void> => {
    const client = new HostClient({
      connection,
      program,
      stack: "aaperture/staging",
      run: "bench",
      environment,
      say: () => undefined,
    });
    await client.observe(wants);
    await client.close();
  };
  const inspect = sshCommand(connection, "docker inspect $(docker ps --all --quiet)");
  const bare = (): Promise<unknown> => mustRun(inspect, { env: environment });
  const { one, other } = await inTurn(9, look, bare);
  say(
    `a look at ${count} containers: ${shown(one)} s, a bare connection that inspects them ${shown(other)} s (medians of 9, in turn)`,
  );
  say(`a look at ${count} containers: ${shown(one / other)} × the bare connection (at most 1.5 ×)`);
}
