import type { TestServer } from "../test/hosts/servers.ts";

/** Watches the memory of slipway's processes on a server: the most that each kind had resident. */
export class MemoryWatch {
  readonly #server: TestServer;
  readonly #ended: Promise<{ readonly stdout: string }>;

  private constructor(server: TestServer) {
    this.#server = server;
    this.#ended = server.exec(["sh", "-c", script]);
  }

  static start(server: TestServer): MemoryWatch {
    return new MemoryWatch(server);
  }

  /** Ends the watch, and returns a line with the figures. */
  async end(): Promise<string> {
    await this.#server.exec(["touch", "/run/bench-memory-ends"]);
    const { stdout } = await this.#ended;
    const most = new Map<string, number>();
    for (const line of stdout.trim().split("\n")) {
      const [kind = "", kilobytes = "0"] = line.split(" ");
      most.set(kind, Math.max(most.get(kind) ?? 0, Number(kilobytes)));
    }
    const figures = [...most].map(([kind, kilobytes]) => `${kind} ${Math.round(kilobytes / 1024)} MB`);
    return `memory at most: ${figures.sort().join(", ")} (at most 90 MB each)`;
  }
}

/**
 * The peak of each process of the program, by the word that it was started with, until a file ends the watch. It starts
 * a process for Node's alone, since it also takes part in the first deployment, which is timed.
 */
const script = `rm -f /run/bench-memory-ends
while [ ! -e /run/bench-memory-ends ]; do
  for process in /proc/[0-9]*; do
    read -r name <"$process/comm" 2>/dev/null && [ "$name" = MainThread ] || continue
    words=$(tr '\\0' ' ' <"$process/cmdline" 2>/dev/null)
    case $words in
      */runtime/node-*/node*' attend '*) kind=attend ;;
      */runtime/node-*/node*' verb '*) kind=verb ;;
      *) continue ;;
    esac
    peak=$(sed -n 's/^VmHWM:[[:space:]]*//p' "$process/status" 2>/dev/null)
    [ -z "$peak" ] || echo "$kind \${peak% kB}"
  done
  sleep 0.1
done`;
