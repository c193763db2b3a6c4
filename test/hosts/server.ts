import { createConnection } from "node:net";
import { eventually } from "./condition.ts";
import { runChild, type Ended } from "../../process/child.ts";
import { docker, tryDocker } from "./engine.ts";
import { Entrance } from "./container-namespaces.ts";
import { sshWords, type Identity, type User } from "./ssh.ts";

/** What is known of a server; enough to find it again from another process. */
export interface ServerFacts {
  /** Name of its container on the machine's own engine. */
  readonly container: string;
  /** The server's host name. */
  readonly name: string;
  /** Where sshd is published on the machine's loopback. */
  readonly address: "127.0.0.1";
  readonly port: number;
  /** The server's own address, reachable from this machine on every port. No helper of the engine stands in between: a cut network is silence there. */
  readonly networkAddress: string;
  /** The pinned host key, such as "ssh-ed25519 AAAA…". */
  readonly hostKey: string;
}

interface CommandOptions {
  readonly user?: User;
  readonly stdin?: string;
}

/** A Debian 13 server with sshd and a Docker engine of its own, and the means to hurt it. */
export class TestServer {
  readonly facts: ServerFacts;
  readonly identity: Identity;
  #entrance: Entrance | undefined;

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

  /** Runs a command over SSH, as root unless told otherwise; code 255 is ssh's own for a connection that failed. */
  ssh(command: string, options: CommandOptions = {}): Promise<Ended> {
    const { stdin = "" } = options;
    return runChild([...this.sshWords(options.user), "--", command], { stdin });
  }

  /** The words of an ssh command that logs in here. */
  sshWords(user: User = "root"): readonly string[] {
    return sshWords({ ...this.facts, ...this.identity, user });
  }

  /** Runs a command from this machine itself, so that it works while sshd or the network is down. */
  async exec(words: readonly string[], options: CommandOptions = {}): Promise<Ended> {
    const { stdin = "", user = "root" } = options;
    const entered = await this.#entrance?.run(words, user, stdin);
    if (entered !== undefined) return entered;
    const id = await tryDocker(["inspect", "--format", "{{.State.Pid}}", this.facts.container]);
    this.#entrance = new Entrance(Number(id.stdout));
    return tryDocker(["exec", "--interactive", "--user", user, this.facts.container, ...words], { stdin });
  }

  /** Drops all packets in and out without a word, also those of containers inside, and those of open connections. */
  async cutNetwork(): Promise<void> {
    await this.#act("cut-network.sh", "cut");
  }

  async restoreNetwork(): Promise<void> {
    await this.#act("cut-network.sh", "restore");
  }

  /** Stops listening; as on any Debian, open sessions go on. */
  async stopSshd(): Promise<void> {
    await this.#act("service", "ssh", "stop");
  }

  async startSshd(): Promise<void> {
    await this.#act("service", "ssh", "start");
    await this.#sshdAnswers();
  }

  /** Ends all open SSH sessions in the middle of what they do; what they started may go on, as after a lost connection. */
  async dropSessions(): Promise<void> {
    await this.exec(["pkill", "-KILL", "-x", "sshd-session"]);
  }

  /**
   * Reboots: containers stop, then everything else; the temporary file systems are empty afterwards, and containers come back as their
   * restart policy says. `powerLoss` stops nothing before. A cut network stays cut.
   */
  async restart(options: { readonly powerLoss?: boolean } = {}): Promise<void> {
    if (options.powerLoss !== true) await this.#act("service", "docker", "stop");
    await docker(["restart", "--time", "0", this.facts.container]);
    await this.ready();
  }

  /** Shifts the clock, for example by "+2d" or "-90m", for programs started from now on; programs in Go keep the true time. */
  async setClock(offset: string): Promise<void> {
    await this.#act("set-clock.sh", offset);
  }

  async resetClock(): Promise<void> {
    await this.#act("set-clock.sh", "reset");
  }

  /** Fills /data until at most so many bytes are left. */
  async fillData(leaveBytes = 0): Promise<void> {
    await this.#act("fill-data.sh", String(leaveBytes));
  }

  /** Takes away what filled /data. */
  async emptyData(): Promise<void> {
    await this.#act("rm", "-f", "/data/.filler");
  }

  /** Waits until the server's engine answers, and sshd too unless the network is cut. */
  async ready(): Promise<void> {
    try {
      await eventually(`${this.name}: the Docker engine answers`, 60, () => this.#engineAnswers());
      const cut = await this.#succeeds(["test", "-f", "/var/lib/slipway-test/network-is-cut"]);
      if (cut === undefined) await this.#sshdAnswers();
    } catch (error) {
      const { stdout, stderr } = await tryDocker(["logs", "--tail", "20", this.facts.container]);
      throw new Error(`${this.name}: did not come up\n${stdout}${stderr}`, { cause: error });
    }
  }

  async #engineAnswers(): Promise<true | undefined> {
    const { code, stderr } = await this.exec(["docker", "info"]);
    if (stderr.includes("is not running")) throw new Error("its container has ended");
    return code === 0 ? true : undefined;
  }

  async #sshdAnswers(): Promise<void> {
    await eventually(`${this.name}: sshd answers`, 30, () => greets(this.port));
  }

  async #succeeds(words: readonly string[]): Promise<true | undefined> {
    return (await this.exec(words)).code === 0 ? true : undefined;
  }

  async #act(...words: readonly string[]): Promise<void> {
    await docker(["exec", this.facts.container, ...words]);
  }
}

/** Whether an SSH server says its name on a port. The engine's proxy accepts connections by itself, so an open port proves nothing. */
function greets(port: number): Promise<true | undefined> {
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
