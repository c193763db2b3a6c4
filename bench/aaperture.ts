import { join } from "node:path";
import type { TestServer, TestServers } from "../test/hosts/servers.ts";
import { Workspace } from "../test/pulumi/workspace.ts";
import { Aaperture } from "../test/real/stack/aaperture.ts";
import { checkout } from "../toolchain/paths.ts";
import type { Bench } from "./bench.ts";
import { benchObservation } from "./observation.ts";
import { alternate, connectionsDuring, decimal, secondsOf } from "./measure.ts";

/** Compares a first deployment with the same by hand, and one without changes with the control; counts connections. */
export async function benchAaperture(bench: Bench): Promise<void> {
  const { folder, servers, ours, byHand, say } = bench;
  const aaperture = await Aaperture.create(folder, servers, ["staging"]);
  const controlByHand = new Control(folder, servers, byHand);
  const up = (): Promise<unknown> => aaperture.succeed("up", "staging", ours);

  let first = 0;
  const connections = await connectionsDuring(ours, async () => {
    first = await secondsOf(up);
  });
  // On the other server: the same application by hand, and what Pulumi itself costs there.
  await copyRendered(ours, byHand);
  await controlByHand.init();
  const hand = await secondsOf(() => upByHand(byHand));
  const controlFirst = await secondsOf(() => controlByHand.up());
  say(
    `first up: ${decimal(first)} s; by hand ${decimal(hand)} s, and the control's first up ${decimal(controlFirst)} s`,
  );
  say(`first up: ${decimal(first - hand - controlFirst)} s more than both (at most 10 s on a quiet machine)`);

  // From here on both use one server, so that they see the same state and load.
  const control = new Control(folder, servers, ours);
  await control.up();
  const again = await alternate(7, up, () => control.up());
  say(`up without changes: ${decimal(again.one)} s, the control ${decimal(again.other)} s (medians of 7, alternating)`);
  say(`up without changes: ${decimal(again.one / again.other)} × the control (at most 1.3 ×)`);

  const unchanged = await connectionsDuring(ours, up);
  say(`connections to sshd: first up ${connections}, up without changes ${unchanged}`);
  await benchObservation(bench);
  await aaperture.succeed("destroy", "staging", ours);
}

const directory = "/var/www/aaperture-staging";
const project = "aaperture-staging";

/** The deployment of the rendered files by an administrator: networks, volumes, images, and `up` of three projects. */
const script = `
set -e
cd ${directory}
for network in data edge; do docker network create ${project}_$network; done
for volume in pgdata prometheus grafana; do docker volume create ${project}_$volume; done
sed -n 's/^ *image: *//p' compose.yaml proxy/compose.yaml blue/compose.yaml | sort -u |
  xargs -P 4 -n 1 docker pull --quiet
docker compose --env-file .env up --detach --wait
docker compose --project-directory proxy --file proxy/compose.yaml up --detach --wait
docker compose --project-directory blue --file blue/compose.yaml --env-file blue/.env up --detach --wait
`;

/** Copies the files that slipway rendered on one server to another. */
async function copyRendered(from: TestServer, to: TestServer): Promise<void> {
  const packed = await from.exec(["sh", "-c", `tar -C / -c ${directory.slice(1)} | base64`]);
  const unpacked = await to.exec(["sh", "-c", "base64 -d | tar -C / -x"], { stdin: packed.stdout });
  if (unpacked.code !== 0) throw new Error(`the rendered files were not copied\n${unpacked.stderr}`);
}

/** Deploys the same application by hand, over SSH. */
async function upByHand(server: TestServer): Promise<void> {
  const { code, stdout, stderr } = await server.ssh(script);
  if (code !== 0) throw new Error(`the deployment by hand failed\n${stdout}${stderr}`);
}

/** The control of every measurement: a stack with one resource of each provider, on the same server in the same run. */
export class Control {
  readonly #workspace: Workspace;
  readonly #servers: TestServers;
  readonly #server: TestServer;

  constructor(folder: string, servers: TestServers, server: TestServer) {
    this.#workspace = new Workspace(folder, join(checkout, "bench", "programs", "control.ts"));
    this.#servers = servers;
    this.#server = server;
  }

  /** Creates the stack, so that no measurement includes this. */
  async init(): Promise<void> {
    await this.#workspace.pulumi(["stack"]);
  }

  async up(): Promise<void> {
    const { networkAddress: address, hostKey } = this.#server;
    const given = { address, port: 22, user: "root", hostKey };
    const env = { SSH_AUTH_SOCK: this.#servers.agentSocket };
    const { exitCode, output } = await this.#workspace.run("up", { given, env });
    if (exitCode !== 0) throw new Error(`the control's up failed\n${output}`);
  }
}
