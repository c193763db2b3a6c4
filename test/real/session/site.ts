import { z } from "zod";
import { eventually } from "../../hosts/condition.ts";
import type { TestServer, TestServers } from "../../hosts/servers.ts";
import type { PulumiProcess, PulumiResult } from "../../pulumi/pulumi-process.ts";
import { Workspace } from "../../pulumi/workspace.ts";

const programFile = `${import.meta.dirname}/../programs/sessions.ts`;

interface SiteOptions {
  readonly directories?: Readonly<Record<string, string>>;
  readonly throws?: boolean;
  readonly words?: readonly string[];
}

/** One stack on one or two servers: three directories, made one after the other by verbs in a session. */
export class Site {
  readonly stack: string;
  readonly workspace: Workspace;
  readonly #servers: readonly TestServer[];
  readonly #agent: string;

  constructor(folder: string, stack: string, started: TestServers, servers: readonly TestServer[]) {
    this.stack = stack;
    this.workspace = new Workspace(folder, programFile);
    this.#servers = servers;
    this.#agent = started.agentSocket;
  }

  get directories(): Readonly<Record<string, string>> {
    const below = `/srv/${this.stack}`;
    return { one: `${below}/one`, two: `${below}/two`, three: `${below}/three` };
  }

  async up(options: SiteOptions = {}): Promise<PulumiResult> {
    const running = await this.start(options);
    return await running.finished;
  }

  start(options: SiteOptions = {}): Promise<PulumiProcess> {
    const { directories = this.directories, throws = false, words = [] } = options;
    const hosts = this.#servers.map(({ networkAddress, hostKey }) => ({
      address: networkAddress,
      port: 22,
      user: "root",
      hostKey,
    }));
    const given = { stack: this.stack, hosts, directories, patience: 90, throws };
    return this.workspace.start("up", { given, words, env: { SSH_AUTH_SOCK: this.#agent } });
  }

  destroy(): Promise<PulumiResult> {
    return this.workspace.run("destroy", { env: { SSH_AUTH_SOCK: this.#agent } });
  }

  /** Releases the lock of a pulumi that was killed. */
  async unlock(): Promise<void> {
    await this.workspace.pulumi(["cancel", "--yes"]);
  }

  /** The steps in a server's journal: time, run, action, step and resource. */
  async journal(server: TestServer): Promise<readonly JournalStep[]> {
    const file = `/var/lib/slipway/stacks/${this.stack.replace("/", "@")}/journal`;
    const { stdout } = await server.exec(["sh", "-c", `cat ${file} 2>/dev/null || true`]);
    const lines = stdout.split("\n").filter((line) => line !== "");
    return lines.map((line) => journalSchema.parse(JSON.parse(line)));
  }
}

const journalSchema = z.object({
  time: z.string(),
  run: z.string(),
  action: z.string(),
  step: z.string(),
  resource: z.string(),
});

/** One line of a journal. */
type JournalStep = z.output<typeof journalSchema>;

/** Lists verbs that began before the last one had ended; in a correct journal there are none. */
export function overlaps(steps: readonly JournalStep[]): string[] {
  const open: JournalStep[] = [];
  const found: string[] = [];
  for (const step of steps) {
    if (step.step === "begin") {
      found.push(...open.map(({ run, resource }) => `${step.run} ${step.resource} began within ${run} ${resource}`));
      open.push(step);
    } else {
      const at = open.findIndex(({ run, resource }) => run === step.run && resource === step.resource);
      open.splice(at, 1);
    }
  }
  return found;
}

/** Makes the verbs of a server wait or fail in their middle. The program braked-start.ts obeys these files. */
export class VerbBrake {
  readonly #server: TestServer;

  constructor(server: TestServer) {
    this.#server = server;
  }

  pull(): Promise<void> {
    return this.#sh("rm -f /run/braked && touch /run/brake");
  }

  release(): Promise<void> {
    return this.#sh("rm -f /run/brake");
  }

  break(): Promise<void> {
    return this.#sh("touch /run/broken");
  }

  mend(): Promise<void> {
    return this.#sh("rm -f /run/broken");
  }

  /** Waits until a verb is held. */
  async untilHeld(): Promise<void> {
    await eventually("a verb is held in its middle", 90, async () =>
      (await this.#server.exec(["test", "-e", "/run/braked"])).code === 0 ? true : undefined,
    );
  }

  async #sh(script: string, stdin = ""): Promise<void> {
    const { code, stderr } = await this.#server.exec(["bash", "-c", script], { stdin });
    if (code !== 0) throw new Error(stderr);
  }
}

/** Lists the locks that are held on a server: the lease, and those of runs and verbs. */
export async function leftovers(server: TestServer): Promise<string> {
  const script = `cd /run/slipway 2>/dev/null || exit 0
flock -n -x /var/lib/slipway/lease.lock true || echo "lease is held"
for lock in verbs.lock verb-slot-*.lock stacks/*/*/lock; do
  if [[ -e $lock ]]; then flock -n -x "$lock" true || echo "$lock is held"; fi
done`;
  return (await server.exec(["bash", "-c", script])).stdout;
}
