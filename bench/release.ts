import { setTimeout as pause } from "node:timers/promises";
import type { TestServer } from "../test/hosts/servers.ts";
import { mustRun } from "../toolchain/must-run.ts";
import type { Bench } from "./bench.ts";
import { Control } from "./control.ts";
import { figureLine } from "./figure.ts";
import { decimal, median, secondsOf } from "./measure.ts";
import { Phases, phaseLines, stageLines } from "./phases.ts";
import { port, SmallApp } from "./small-app.ts";

/** Rounds of each measurement, ours and the control in turn. */
const rounds = 5;

/** The windows of the gate and of the watch in seconds, which a plain `docker compose up` has not. */
const gate = 3;
const watch = 5;

/** Milliseconds after the end of a command in which its release must have answered. */
const answerMilliseconds = 5_000;

/** Seconds of one release: the whole command, and until its first answer. */
interface Times {
  readonly command: number;
  readonly answer: number;
}

/** Compares releases of a service that boots in a second with plain Compose over SSH. */
export async function benchRelease(bench: Bench): Promise<void> {
  const { ours, byHand, folder, servers, say } = bench;
  const app = await SmallApp.create(folder, servers);
  const plain = new PlainCompose(bench);
  await app.stack.succeed("up", "staging", ours);
  await plain.start(await app.release("plain"));
  const times: { ours: Times[]; control: Times[] } = { ours: [], control: [] };
  const pulumi = new Control(folder, servers, byHand, { commands: 11, volumes: 0 });
  await pulumi.up("first");
  const bare: number[] = [];
  const phases: ReadonlyMap<string, number>[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const image = await app.release(`release-${round}`);
    const ofRound = new Phases();
    times.ours.push(await timesOf(ours, `release-${round}`, () => upOf(app, ours, ofRound)));
    phases.push(await ofRound.end(ours, "aaperture/staging"));
    times.control.push(await timesOf(byHand, `release-${round}`, () => plain.release(image)));
    bare.push(await secondsOf(() => pulumi.up(`round ${round}`)));
  }
  const of = (kind: "ours" | "control", what: keyof Times): number => median(times[kind].map((one) => one[what]));
  const command = { ours: of("ours", "command"), control: of("control", "command") };
  const answer = { ours: of("ours", "answer"), control: of("control", "answer") };
  say(figureLine({ name: "release, whole command", ...command, windows: gate + watch, bound: 2.2 }));
  say(figureLine({ name: "release, first answer", ...answer, windows: gate, bound: 2 }));
  say(beside(command, median(bare)));
  say(["release, phases:", ...phaseLines(phases, median)].join("\n"));
  say(["release, stages beside MotoVaultPro's guide:", ...stageLines(phases, median)].join("\n"));
  await app.stack.succeed("destroy", "staging", ours);
  await plain.stop();
}

/** The whole command beside what it is made of: a release by plain Compose, and an `up` of Pulumi that does nothing. */
function beside({ ours, control }: Readonly<Record<"ours" | "control", number>>, bare: number): string {
  const both = control + bare;
  const ratio = decimal((ours - gate - watch) / both);
  return `release, whole command: ${ratio} × the control and a bare pulumi up of ${decimal(bare)} s together`;
}

/** The whole command, as a CI job runs it. */
async function upOf({ stack }: SmallApp, server: TestServer, phases: Phases): Promise<void> {
  const onLine = (line: string): void => phases.hear(line);
  const { code, stdout, stderr } = await stack.slipway(["up", "--yes"], "staging", server, onLine);
  if (code !== 0) throw new Error(`slipway up ended with ${code}\n${stdout}${stderr}`);
}

async function timesOf(server: TestServer, version: string, act: () => Promise<void>): Promise<Times> {
  const began = performance.now();
  const ended = new AbortController();
  const answered = firstAnswer(server, version, ended.signal).then(() => (performance.now() - began) / 1000);
  try {
    const command = await secondsOf(act);
    setTimeout(() => ended.abort(), answerMilliseconds).unref();
    return { command, answer: await answered };
  } finally {
    ended.abort();
  }
}

/** Asks the published port until the release answers. */
async function firstAnswer(server: TestServer, version: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      const answer = await fetch(`http://${server.networkAddress}:${port}/version`, { signal });
      if ((await answer.text()).includes(version)) return;
    } catch {
      // Nothing listens while the control replaces its container.
    }
    if (signal.aborted) throw new Error(`${version} never answered at port ${port}`);
    await pause(20);
  }
}

/** The control: the same image by plain `docker compose` over SSH. */
class PlainCompose {
  readonly #bench: Bench;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  async start(image: string): Promise<void> {
    await this.#on("mkdir -p /srv/plain");
    await this.release(image);
  }

  async release(image: string): Promise<void> {
    const health = "{test: [CMD, /app, health], start_period: 60s, start_interval: 1s, interval: 5s}";
    const service = `{image: '${image}', ports: ['${port}:8080'], mem_limit: 64m, healthcheck: ${health}}`;
    await this.#bench.byHand.exec(["sh", "-c", "cat >/srv/plain/compose.yaml"], {
      stdin: `services: {api: ${service}}\n`,
    });
    await this.#on("cd /srv/plain && docker compose pull -q && docker compose up -d --wait");
  }

  async stop(): Promise<void> {
    await this.#on("cd /srv/plain && docker compose down");
  }

  async #on(script: string): Promise<void> {
    const { byHand } = this.#bench;
    await mustRun([...byHand.sshWords("root"), "--", script], {});
  }
}
