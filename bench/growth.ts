import { sshConnection } from "../model/connection.ts";
import { sshCommand } from "../remote/ssh.ts";
import { mustRun } from "../toolchain/must-run.ts";
import type { Bench } from "./bench.ts";
import { figureLine } from "./figure.ts";
import { secondsOf, median } from "./measure.ts";
import { fillWithContainers, removeFilling, timesOfObservation } from "./observation.ts";
import { SmallApp } from "./small-app.ts";

/** Compares how an observation grows with containers of others, and a deployment with services of its own. */
export async function benchGrowth(bench: Bench): Promise<void> {
  await foreignContainers(bench);
  await ownServices(bench);
}

async function foreignContainers(bench: Bench): Promise<void> {
  const { ours, folder, servers, say } = bench;
  const app = await SmallApp.create(folder, servers);
  await app.stack.succeed("up", "staging", ours);
  const few = await timesOfObservation(bench, 7);
  await fillWithContainers(bench, 42);
  const many = await timesOfObservation(bench, 7);
  await removeFilling(bench);
  await app.stack.succeed("destroy", "staging", ours);
  const growth = { ours: many.ours / few.ours, control: many.control / few.control };
  say(figureLine({ name: "growth of an observation, 1 to 40 foreign containers", ...growth, bound: 1.3 }));
}

/** Seconds of an `up` without changes, and of the control: Compose itself on the same files. */
interface Times {
  readonly ours: number;
  readonly control: number;
}

async function ownServices(bench: Bench): Promise<void> {
  const few = await timesOfServices(bench, 5);
  const many = await timesOfServices(bench, 50);
  const growth = { ours: many.ours / few.ours, control: many.control / few.control };
  bench.say(figureLine({ name: "growth of an up without changes, 5 to 50 services", ...growth, bound: 1.3 }));
}

async function timesOfServices({ ours, folder, servers }: Bench, services: number): Promise<Times> {
  const app = await SmallApp.create(folder, servers, services);
  await app.stack.succeed("up", "staging", ours);
  const { networkAddress: address, hostKey } = ours;
  const connection = sshConnection({ address, port: 22, user: "root", hostKey });
  const compose = sshCommand(connection, "cd /var/www/aaperture-staging && docker compose up -d --wait");
  const env = { ...process.env, SSH_AUTH_SOCK: servers.agentSocket };
  const times: { ours: number[]; control: number[] } = { ours: [], control: [] };
  for (let round = 0; round < 5; round += 1) {
    times.ours.push(await secondsOf(() => app.stack.succeed("up", "staging", ours)));
    times.control.push(await secondsOf(() => mustRun(compose, { env })));
  }
  await app.stack.succeed("destroy", "staging", ours);
  return { ours: median(times.ours), control: median(times.control) };
}
