import { createConnection } from "node:net";
import { eventually } from "./condition.ts";
import { runChild, type Ended } from "../../process/child.ts";
import { docker, tryDocker } from "./engine.ts";
import { asUser, ContainerNamespaces, enterWords } from "./container-namespaces.ts";
import { sshWords, type Identity, type User } from "./ssh.ts";

/** The facts of a server, with which another process can use it. */
export interface ServerFacts {
  /** The name of its container on the machine's engine. */
  readonly container: string;
  /** The server's host name. */
  readonly name: string;
  /** The address on the loopback interface where its sshd is published. */
  readonly address: "127.0.0.1";
  readonly port: number;
  /** The container's own address, reachable from this machine on every port without the engine's proxy in between. */
  readonly networkAddress: string;
  /** The pinned host key, such as "ssh-ed25519 AAAA…". */
  readonly hostKey: string;
}

interface CommandOptions {
  readonly user?: User;
  readonly stdin?: string;
}

/** A Debian 13 server with sshd and a Docker engine, and methods to cause failures. */
export class TestServer {
  readonly facts: ServerFacts;
  readonly identity: Identity;
  #namespaces: ContainerNamespaces | undefined;

  constructor(facts: ServerFacts, identity: Identity) {
    this.facts = facts;
    this.identity = identity;
  }

  get name(): string {
    return this.facts.name;
  }

  get address(): "127.0.0.1" {
    return this.facts.address;
  }

  get port(): number {
    return this.facts.port;
  }

  get networkAddress(): string {
    return this.facts.networkAddress;
  }

  get hostKey(): string {
    return this.facts.hostKey;
  }

  /** Runs a command over SSH, by default as root. Exit code 255 means that the connection failed. */
  ssh(command: string, options: CommandOptions = {}): Promise<Ended> {
    const { stdin = "" } = options;
    return runChild([...this.sshWords(options.user), "--", command], { stdin });
  }

  /** The ssh command that logs in to this server. */
  sshWords(user: User = "root"): readonly string[] {
    return sshWords({ ...this.facts, ...this.identity, user });
  }

  /** The words before a command of this machine's environment that runs on the server instead, in the same folder. */
  async runnerWords(user: string, folder: string): Promise<readonly string[]> {
    const { stdout } = await tryDocker(["inspect", "--format", "{{.State.Pid}}", this.facts.container]);
    const home = user === "root" ? "/root" : `/home/${user}`;
    return [...enterWords(Number(stdout)), ...asUser(user), "env", `--chdir=${folder}`, `HOME=${home}`];
  }

  /** Runs a command without SSH, so that it works while sshd or the network is down. */
  async exec(words: readonly string[], options: CommandOptions = {}): Promise<Ended> {
    const { stdin = "", user = "root" } = options;
    const result = await this.#namespaces?.run(words, user, stdin);
    if (result !== undefined) return result;
    const pid = await tryDocker(["inspect", "--format", "{{.State.Pid}}", this.facts.container]);
    this.#namespaces = new ContainerNamespaces(Number(pid.stdout));
    return tryDocker(["exec", "--interactive", "--user", user, this.facts.container, ...words], { stdin });
  }

  /** Silently drops all packets in both directions, including those of inner containers and of open connections. */
  async cutNetwork(): Promise<void> {
    await this.#act("cut-network.sh", "cut");
  }

  async restoreNetwork(): Promise<void> {
    await this.#act("cut-network.sh", "restore");
  }

  /** Stops sshd; as on any Debian server, open sessions continue. */
  async stopSshd(): Promise<void> {
    await this.#act("service", "ssh", "stop");
  }

  async startSshd(): Promise<void> {
    await this.#act("service", "ssh", "start");
    await this.#sshdAnswers();
  }

  /** Kills all open SSH sessions; their commands may continue, as after a lost connection. */
  async dropSessions(): Promise<void> {
    await this.exec(["pkill", "-KILL", "-x", "sshd-session"]);
  }

  /**
   * Reboots the server: stops its containers, then everything else. Then its temporary file systems are empty, and its
   * containers start according to their restart policy. `powerLoss` skips the orderly stop. A cut network stays cut.
   */
  async restart(options: { readonly powerLoss?: boolean } = {}): Promise<void> {
    if (options.powerLoss !== true) await this.#act("service", "docker", "stop");
    await docker(["restart", "--time", "0", this.facts.container]);
    await this.ready();
  }

  /** Shifts the clock of newly started programs, for example by "+2d" or "-90m"; programs in Go keep the real time. */
  async setClock(offset: string): Promise<void> {
    await this.#act("set-clock.sh", offset);
  }

  async resetClock(): Promise<void> {
    await this.#act("set-clock.sh", "reset");
  }

  /** Fills /data until at most this many bytes are free. */
  async fillData(leaveBytes = 0): Promise<void> {
    await this.#act("fill-data.sh", String(leaveBytes));
  }

  /** Removes the file that fills /data. */
  async emptyData(): Promise<void> {
    await this.#act("rm", "-f", "/data/.filler");
  }

  /** Waits until the server's engine answers, and also sshd unless the network is cut. */
  async ready(): Promise<void> {
    try {
      await eventually(`${this.name}: the Docker engine answers`, 60, () => this.#engineAnswers());
      const cut = await this.#succeeds(["test", "-f", "/var/lib/slipway-test/network-is-cut"]);
      if (cut === undefined) await this.#sshdAnswers();
    } catch (error) {
      const { stdout, stderr } = await tryDocker(["logs", "--tail", "20", this.facts.container]);
      throw new Error(`${this.name}: did not start\n${stdout}${stderr}`, { cause: error });
    }
  }

  async #engineAnswers(): Promise<true | undefined> {
    const { code, stderr } = await this.exec(["docker", "info"]);
    if (stderr.includes("is not running")) throw new Error("its container has ended");
    return code === 0 ? true : undefined;
  }

  async #sshdAnswers(): Promise<void> {
    await eventually(`${this.name}: sshd answers`, 30, () => sendsGreeting(this.port));
  }

  async #succeeds(words: readonly string[]): Promise<true | undefined> {
    return (await this.exec(words)).code === 0 ? true : undefined;
  }

  async #act(...words: readonly string[]): Promise<void> {
    await docker(["exec", this.facts.container, ...words]);
  }
}

/** True if a port sends SSH's greeting. An open port proves nothing, since the engine's proxy accepts connections. */
function sendsGreeting(port: number): Promise<true | undefined> {
  const socket = createConnection({ port, host: "127.0.0.1", timeout: 2000 });
  return new Promise((resolve) => {
    const settle = (answer: true | undefined) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("data", (text) => settle(text.toString().startsWith("SSH-") ? true : undefined));
    for (const event of ["error", "close", "timeout"]) socket.once(event, () => settle(undefined));
  });
}
