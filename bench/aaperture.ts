import { proxyName } from "../model/proxy.ts";
import type { TestServer } from "../test/hosts/servers.ts";
import { Aaperture } from "../test/real/stack/aaperture.ts";
import type { Bench } from "./bench.ts";
import { Control, type ControlSize } from "./control.ts";
import { figureLine } from "./figure.ts";
import { alternate, decimal, secondsOf } from "./measure.ts";
import { fillWithContainers, removeFilling, timesOfObservation } from "./observation.ts";
import { MemoryWatch } from "./memory.ts";

/** As many as aaperture's staging has. */
const size: ControlSize = { commands: 14, volumes: 3 };

/** Measures aaperture's staging: its first deployment, one without changes, an observation, traffic and memory. */
export async function benchAaperture(bench: Bench): Promise<void> {
  const { folder, servers, ours, say } = bench;
  const aaperture = await Aaperture.create(folder, servers, ["staging"]);
  const up = (): Promise<void> => upOf(aaperture, ours);
  await firstUp(bench, up);
  // From here on both use one server, so that they see the same state and load.
  const control = new Control(folder, servers, ours, size);
  await control.up();
  const again = await alternate(7, up, () => control.up());
  say(figureLine({ name: "up without changes", ours: again.one, control: again.other, bound: 1.25 }));
  const plain = await alternate(
    7,
    () => aaperture.succeed("up", "staging", ours),
    () => control.up(),
  );
  say(`up without changes by plain pulumi: ${decimal(plain.one / plain.other)} × the control`);
  const unchanged = await trafficDuring(ours, up);
  say(`up without changes: ${unchanged.connections} connections to sshd, ${unchanged.kilobytes} kB to the server`);
  await fillWithContainers(bench, 20);
  const observation = await timesOfObservation(bench, 9);
  say(figureLine({ name: "observation of 20 containers", ...observation, bound: 1.4 }));
  await removeFilling(bench);
  await aaperture.succeed("destroy", "staging", ours);
}

/** The whole command, as a CI job runs it. */
async function upOf(aaperture: Aaperture, server: TestServer): Promise<void> {
  const { code, stdout, stderr } = await aaperture.slipway(["up", "--yes"], "staging", server);
  if (code !== 0) throw new Error(`slipway up ended with ${code}\n${stdout}${stderr}`);
}

/** The first deployment on an empty server, beside the same by hand and what Pulumi itself costs. */
async function firstUp({ folder, servers, ours, byHand, say }: Bench, up: () => Promise<unknown>): Promise<void> {
  const memory = MemoryWatch.start(ours);
  let first = 0;
  const traffic = await trafficDuring(ours, async () => {
    first = await secondsOf(up);
  });
  say(`first up: ${traffic.connections} connections to sshd, ${traffic.kilobytes} kB to the server`);
  say(await memory.end());
  const control = new Control(folder, servers, byHand, size);
  await control.init();
  await copyRendered(ours, byHand);
  const commands = script(await networkCommands(ours), await joinCommands(ours));
  const hand = await secondsOf(() => upByHand(byHand, commands));
  const bare = await secondsOf(() => control.up());
  const more = first - hand - bare;
  say(`first up: ${decimal(first)} s; by hand ${decimal(hand)} s, and the control's first up ${decimal(bare)} s`);
  say(`first up: ${decimal(more)} s more than both (${more <= 8 ? "within" : "BEYOND"} 8 s)`);
}

const directory = "/var/www/aaperture-staging";
const project = "aaperture-staging";

/** The deployment of the rendered files by an administrator: networks, volumes, images, and `up` of three projects. */
const script = (networks: readonly string[], joins: readonly string[]): string => `
set -e
cd ${directory}
${networks.join("\n")}
for volume in pgdata prometheus grafana; do docker volume create ${project}_$volume; done
sed -n 's/^ *image: *//p' compose.yaml ${proxyName}/compose.yaml blue/compose.yaml | sort -u |
  xargs -P 4 -n 1 docker pull --quiet
docker compose --env-file .env up --detach --wait
proxy="docker compose --project-directory ${proxyName} --file ${proxyName}/compose.yaml"
$proxy create
${joins.join("\n")}
$proxy up --detach --wait
docker compose --project-directory blue --file blue/compose.yaml --env-file blue/.env up --detach --wait
`;

/** The commands that make the networks of a server on another one: the proxy's file names its addresses in them. */
async function networkCommands(server: TestServer): Promise<string[]> {
  const format = "{{.Name}} {{(index .IPAM.Config 0).Subnet}} {{.Internal}}";
  const ours = "docker network ls --quiet --filter label=slipway.stack=aaperture/staging";
  const { stdout } = await server.exec(["sh", "-c", `${ours} | xargs docker network inspect --format '${format}'`]);
  return linesOf(stdout).map(([name, subnet, internal]) => {
    return `docker network create --subnet ${subnet} ${internal === "true" ? "--internal" : ""} ${name}`;
  });
}

/** The commands that bring the proxy into the networks in which it is on a server, with its addresses. */
async function joinCommands(server: TestServer): Promise<string[]> {
  const format = '{{range $name, $place := .NetworkSettings.Networks}}{{$name}} {{$place.IPAddress}}{{"\\n"}}{{end}}';
  const proxy = `docker ps --quiet --filter label=com.docker.compose.project=${project}-${proxyName}`;
  const { stdout } = await server.exec(["sh", "-c", `docker inspect --format '${format}' $(${proxy})`]);
  const joined = linesOf(stdout).filter(([network]) => network !== `${project}-${proxyName}`);
  return joined.map(([network, address]) => {
    return `docker network connect --ip ${address} ${network} $($proxy ps --all --quiet)`;
  });
}

function linesOf(text: string): (readonly [string, string, string])[] {
  return text.split("\n").flatMap((line) => {
    const [name = "", second = "", third = ""] = line.trim().split(" ");
    return name === "" ? [] : [[name, second, third] as const];
  });
}

/** Copies the files that slipway rendered on one server to another. */
async function copyRendered(from: TestServer, to: TestServer): Promise<void> {
  const packed = await from.exec(["sh", "-c", `tar -C / -c ${directory.slice(1)} | base64`]);
  const unpacked = await to.exec(["sh", "-c", "base64 -d | tar -C / -x"], { stdin: packed.stdout });
  if (unpacked.code !== 0) throw new Error(`the rendered files were not copied\n${unpacked.stderr}`);
}

/** Deploys the same application by hand, over SSH. */
async function upByHand(server: TestServer, commands: string): Promise<void> {
  const { code, stdout, stderr } = await server.ssh(commands);
  if (code !== 0) throw new Error(`the deployment by hand failed\n${stdout}${stderr}`);
}

/** The SSH traffic of an action, as the server's firewall counts it. */
interface Traffic {
  readonly connections: number;
  /** Received by the server. */
  readonly kilobytes: number;
}

/** Rules without an action: the first counts new connections, the second all packets to sshd. */
const rules = [
  ["INPUT", "--protocol", "tcp", "--dport", "22", "--syn"],
  ["INPUT", "--protocol", "tcp", "--dport", "22"],
];

async function trafficDuring(server: TestServer, act: () => Promise<unknown>): Promise<Traffic> {
  for (const rule of rules) await server.exec(["iptables", "--insert", ...rule]);
  try {
    await act();
    const { stdout } = await server.exec(["iptables", "--list-rules", "INPUT", "--verbose"]);
    const counted = [...stdout.matchAll(/--dport 22 (.*)-c (\d+) (\d+)/g)];
    const [syn, all] = [true, false].map((isSyn) => counted.find(([, flags = ""]) => flags.includes("SYN") === isSyn));
    if (syn === undefined || all === undefined) throw new Error(`the firewall lists no counters\n${stdout}`);
    return { connections: Number(syn[2]), kilobytes: Math.round(Number(all[3]) / 1000) };
  } finally {
    for (const rule of rules) await server.exec(["iptables", "--delete", ...rule]);
  }
}
