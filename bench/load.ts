import { Agent, request } from "node:http";
import { eventually } from "../test/hosts/condition.ts";
import type { Bench } from "./bench.ts";
import { figureLine } from "./figure.ts";
import { timesOfObservation } from "./observation.ts";
import { port, SmallApp } from "./small-app.ts";

/** Requests a second. */
const rate = 150;

/** Established sockets in the kernel's table. */
const sockets = 50_000;

const rounds = 7;

/** Compares what a load adds to an observation with what it adds to the control. */
export async function benchLoad(bench: Bench): Promise<void> {
  const { ours, folder, servers } = bench;
  const app = await SmallApp.create(folder, servers);
  await app.stack.succeed("up", "staging", ours);
  const quiet = await timesOfObservation(bench, rounds);
  await underLoad(bench, `under ${rate} requests a second`, quiet, () => requests(ours.networkAddress));
  await underLoad(bench, `with ${sockets} sockets`, quiet, () => openSockets(bench));
  await app.stack.succeed("destroy", "staging", ours);
}

type Times = Awaited<ReturnType<typeof timesOfObservation>>;

async function underLoad(bench: Bench, name: string, quiet: Times, start: () => Promise<Load>): Promise<void> {
  const load = await start();
  try {
    const busy = await timesOfObservation(bench, rounds);
    const growth = { ours: busy.ours / quiet.ours, control: busy.control / quiet.control };
    bench.say(figureLine({ name: `growth of an observation ${name}`, ...growth, bound: 1.3 }));
  } finally {
    await load.stop();
  }
}

interface Load {
  stop(): Promise<void>;
}

/** Sends requests at a fixed rate, each on a connection of its own, so that the kernel's table fills. */
function requests(address: string): Promise<Load> {
  const agent = new Agent({ keepAlive: false });
  let [sent, answered] = [0, 0];
  const timer = setInterval(() => {
    const call = request({ host: address, port, path: "/version", agent }, (answer) => {
      answered += 1;
      answer.resume();
    });
    sent += 1;
    call.on("error", () => undefined);
    call.end();
  }, 1000 / rate);
  return Promise.resolve({
    stop: () => {
      clearInterval(timer);
      if (answered < sent / 2) throw new Error(`only ${answered} of ${sent} requests were answered`);
      return Promise.resolve();
    },
  });
}

/** Processes that hold them: each may have 20,000 open files. */
const holders = 4;

/** Opens connections of the server to itself, and holds them. */
async function openSockets({ ours }: Bench): Promise<Load> {
  const start = `node=$(ls /var/lib/slipway/runtime/*/node) && text=$(cat)
    for n in ${Array.from({ length: holders }, (_, at) => at + 1).join(" ")}; do
      "$node" --input-type=module --eval "$text" "$n" &
    done; wait`;
  const ended = ours.exec(["sh", "-c", start], { stdin: holder });
  await eventually(`${sockets} sockets are open`, 120, async () => {
    const { stdout } = await ours.exec(["sh", "-c", "grep '^TCP: inuse' /proc/net/sockstat"]);
    return Number(/inuse (\d+)/.exec(stdout)?.[1]) >= sockets ? true : undefined;
  });
  return {
    stop: async () => {
      await ours.exec(["pkill", "--full", "input-type=module"]);
      await ended;
    },
  };
}

/** A program that connects to itself and keeps both ends open, on an address and a port of its own. */
const holder = `
import { connect, createServer } from "node:net";
import { once } from "node:events";
const held = [];
const host = "127.0.1." + process.argv[1];
const server = createServer((socket) => void held.push(socket)).listen({ port: 7001, host, backlog: 511 });
await once(server, "listening");
for (let at = 0; at < ${sockets / 2 / holders}; at += 50) {
  const batch = Array.from({ length: 50 }, () => connect({ port: 7001, host }));
  await Promise.all(batch.map((socket) => once(socket, "connect")));
  held.push(...batch);
}
`;
