import { spawn } from "node:child_process";
import { z } from "zod";
import { docker } from "../../hosts/engine.ts";
import type { TestServer } from "../../hosts/servers.ts";

const program = `${import.meta.dirname}/../programs/process-watch.ts`;
const reportSchema = z.object({ searches: z.number(), sides: z.array(z.string()), hits: z.array(z.string()) });

/** The result of a watch: the number of searches, the sides that were searched, and the processes with a pattern. */
export type WatchReport = z.infer<typeof reportSchema>;

/** Watches the command lines and environments of processes on this machine and on a test server, in a child process. */
export class ProcessWatch {
  readonly #stop: () => Promise<WatchReport>;

  private constructor(stop: () => Promise<WatchReport>) {
    this.#stop = stop;
  }

  static async start(server: TestServer, patterns: readonly string[]): Promise<ProcessWatch> {
    const first = await docker(["inspect", "--format", "{{.State.Pid}}", server.facts.container]);
    const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
    // The patterns go by stdin: in its command line the watch would find itself.
    child.stdin.write(`${JSON.stringify({ patterns, servers: [Number(first)] })}\n`);
    return new ProcessWatch(async () => {
      child.stdin.end();
      await closed;
      return reportSchema.parse(JSON.parse(said));
    });
  }

  stop(): Promise<WatchReport> {
    return this.#stop();
  }
}
