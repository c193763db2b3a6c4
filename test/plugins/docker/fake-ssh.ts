import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** An `ssh` of our own on PATH: it writes its words down and joins its stdin and stdout with a local socket. */
export class FakeSsh {
  readonly #folder: string;
  readonly #path = process.env["PATH"];

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Without a socket it fails as ssh does when nobody listens. */
  static async install(socket: string | undefined): Promise<FakeSsh> {
    const ssh = new FakeSsh(await mkdtemp(join(tmpdir(), "slipway-ssh-")));
    await writeFile(join(ssh.#folder, "calls"), "");
    await writeFile(join(ssh.#folder, "relay.mjs"), socket === undefined ? refusing : relaying(socket));
    await writeFile(join(ssh.#folder, "ssh"), launcher(ssh.#folder));
    await chmod(join(ssh.#folder, "ssh"), 0o755);
    process.env["PATH"] = [ssh.#folder, ssh.#path].join(delimiter);
    return ssh;
  }

  /** The words of every call so far. */
  async calls(): Promise<string[]> {
    return (await readFile(join(this.#folder, "calls"), "utf8")).split("\n").filter((line) => line !== "");
  }

  async remove(): Promise<void> {
    process.env["PATH"] = this.#path;
    await rm(this.#folder, { recursive: true });
  }
}

function launcher(folder: string): string {
  return `#!/bin/sh\nprintf '%s|' "$@" >> "${folder}/calls"; echo >> "${folder}/calls"\nexec "${process.execPath}" "${folder}/relay.mjs"\n`;
}

function relaying(socket: string): string {
  return `import { connect } from "node:net";\nconst socket = connect(${JSON.stringify(socket)});\nprocess.stdin.pipe(socket);\nsocket.pipe(process.stdout);\n`;
}

const refusing = `console.error("ssh: connect to host web1 port 22: Connection refused");\nprocess.exit(255);\n`;
