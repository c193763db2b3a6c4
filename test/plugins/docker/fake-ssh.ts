import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A fake `ssh` on PATH: it logs its arguments and connects its stdin and stdout to a local socket. */
export class FakeSsh {
  readonly #folder: string;
  readonly #path = process.env["PATH"];

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Puts the fake on PATH. Without a socket, it fails as ssh does when the connection is refused. */
  static async install(socket: string | undefined): Promise<FakeSsh> {
    const ssh = new FakeSsh(await mkdtemp(join(tmpdir(), "slipway-ssh-")));
    await writeFile(join(ssh.#folder, "calls"), "");
    await writeFile(join(ssh.#folder, "relay.mjs"), socket === undefined ? refusing : relaying(socket));
    await writeFile(join(ssh.#folder, "ssh"), launcher(ssh.#folder));
    await chmod(join(ssh.#folder, "ssh"), 0o755);
    process.env["PATH"] = [ssh.#folder, ssh.#path].join(delimiter);
    return ssh;
  }

  /** The arguments of every call so far. */
  async calls(): Promise<string[]> {
    return (await readFile(join(this.#folder, "calls"), "utf8")).split("\n").filter((line) => line !== "");
  }

  async remove(): Promise<void> {
    process.env["PATH"] = this.#path;
    await rm(this.#folder, { recursive: true });
  }
}

function launcher(folder: string): string {
  return [
    "#!/bin/sh",
    `printf '%s|' "$@" >> "${folder}/calls"; echo >> "${folder}/calls"`,
    `exec "${process.execPath}" "${folder}/relay.mjs"`,
    "",
  ].join("\n");
}

function relaying(socket: string): string {
  return [
    'import { connect } from "node:net";',
    `const socket = connect(${JSON.stringify(socket)});`,
    "process.stdin.pipe(socket);",
    "socket.pipe(process.stdout);",
    "",
  ].join("\n");
}

const refusing = `console.error("ssh: connect to host web1 port 22: Connection refused");\nprocess.exit(255);\n`;
