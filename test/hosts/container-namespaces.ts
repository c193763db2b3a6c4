import { readFileSync } from "node:fs";
import { runChild, type Ended } from "../../process/child.ts";
import type { User } from "./ssh.ts";

/** The script that joins the control groups of a container's first process, for its limits, and its namespaces. */
const enterScript = `
set -eu
pid=$1; shift
while IFS=: read -r _ names path; do
  for folder in "/sys/fs/cgroup/\${names#name=}$path" "/sys/fs/cgroup/unified$path"; do
    [ ! -e "$folder/cgroup.procs" ] || { echo $$ > "$folder/cgroup.procs"; } 2> /dev/null || true
  done
done < "/proc/$pid/cgroup"
exec nsenter --target "$pid" --mount --uts --ipc --net --pid --cgroup "$@"
`;

/** The words before a command that runs in the container of this process. */
export function enterWords(pid: number): readonly string[] {
  return ["sh", "-c", enterScript, "enter", String(pid)];
}

/** The words before a command that another user than root runs. */
export function asUser(user: string): readonly string[] {
  return user === "root" ? [] : ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--init-groups"];
}

const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The namespaces of a container, given by its first process. */
export class ContainerNamespaces {
  readonly #pid: number;
  readonly #startTime: string | undefined;

  constructor(pid: number) {
    this.#pid = pid;
    this.#startTime = startTimeOf(pid);
  }

  /**
   * Runs a command in the container as `docker exec` does, but without the engine, which needs a tenth of a second for
   * each. Returns undefined if the container has ended, even if another process has the number of its first one.
   */
  async run(words: readonly string[], user: User, stdin: string): Promise<Ended | undefined> {
    if (this.#startTime === undefined || startTimeOf(this.#pid) !== this.#startTime) return undefined;
    const home = user === "root" ? "/root" : `/home/${user}`;
    const clean = ["env", "--ignore-environment", "--chdir=/", path, `HOME=${home}`];
    const result = await runChild([...enterWords(this.#pid), ...clean, ...asUser(user), ...words], { stdin });
    // If the container ended after the check above, entering fails before the command runs.
    return result.code !== 0 && /^(nsenter|enter): /.test(result.stderr) ? undefined : result;
  }
}

/** The start time of a process in clock ticks since boot; undefined if there is no such process. */
function startTimeOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")[19];
  } catch {
    return undefined;
  }
}
