import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { sshConnection, type SshConnection } from "../../model/connection.ts";
import type { Observation } from "../../model/facts/observation.ts";
import { requestSchema, type Request } from "../../model/session/protocol.ts";
import { HostClient, type RuntimeSource } from "../../remote/host-client.ts";
import { observed } from "../model/facts/observed.ts";

/** Functions for a script: `say <json>` sends a line of the program, `serve` answers requests and keeps them. */
const functions = `for command; do :; done
nonce=\${command##* }
say() { printf '%s %s\\n' "$nonce" "$1"; }
serve() {
  while IFS= read -r line; do
    printf '%s\\n' "$line" >>"$folder/lines"
    word=\${line#'{"do":"'}
    word=\${word%%'"'*}
    case $word in
      observe) say "$(cat "$folder/observation")" ;;
      lease) if [ -e "$folder/held" ]; then say "$(cat "$folder/held")"; exit 1; fi; say '{"to":"lease"}' ;;
      allow | keep | fetch) say "{\\"to\\":\\"$word\\"}" ;;
      health) say "$(cat "$folder/health")" ;;
      end) say '{"to":"end"}'; exit 0 ;;
    esac
  done
}`;

/** The program of a server that has everything. */
export const answers = `say '{"to":"start"}'\nserve`;

/** The program of a server for a key that only observes, which sends its words in a line. */
export const observerAnswers = `read -r words nonce\nprintf '%s\\n' "$words" >"$folder/words"\n${answers}`;

export const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIh8Hi2wGRKnK3bWCRyUVKAJZQeiMZLh5yEFuOHaNRHm";

export const program = { text: "program\n", sha256: "0123abcd" };

/** The runtimes of a runner: some bytes for each architecture. */
export const runtimes: RuntimeSource = {
  version: "24.0.0",
  get: (architecture) => Promise.resolve({ packed: Buffer.from(`node for ${architecture}`), sha256: "4567ef" }),
};

/** A program in the place of ssh, for one test; it runs the given script. */
export class StubSsh {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-ssh-"));
  readonly environment = { PATH: `${this.folder}:/usr/bin:/bin`, SSH_AUTH_SOCK: "/agent/of/the/caller" };
  /** Everything that the server said for people. */
  readonly said: string[] = [];

  constructor(script = answers, found: Observation = observed()) {
    onTestFinished(() => rmSync(this.folder, { recursive: true }));
    this.write("observation", JSON.stringify({ to: "observe", observation: found }));
    this.write("ssh", `#!/bin/sh\nfolder=${this.folder}\n${functions}\n${script}\n`);
  }

  /** Makes a server with these facts; `held` is its message if another run has the lease. */
  static of(found: Observation, held?: string): StubSsh {
    const ssh = new StubSsh(answers, found);
    if (held !== undefined) ssh.write("held", JSON.stringify({ to: "error", message: held }));
    return ssh;
  }

  /** Writes a file beside the script; one that begins with `#!` becomes executable. */
  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
    if (text.startsWith("#!")) chmodSync(join(this.folder, name), 0o755);
  }

  client({ user = "deploy", environment = this.environment, source = runtimes } = {}): HostClient {
    return new HostClient({
      ...{ connection: connectionTo(user), program, runtimes: source, stack: "shop/test", environment },
      say: (line) => this.said.push(line),
    });
  }

  /** A client whose server has answered. */
  async started(): Promise<HostClient> {
    const client = this.client();
    await client.ready();
    return client;
  }

  /** The lines of a file that the script wrote. */
  lines(file = "lines"): string[] {
    const path = join(this.folder, file);
    return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
  }

  /** The requests of the client, without its signs of life. */
  requests(): Request[] {
    return this.lines()
      .map((line) => requestSchema.parse(JSON.parse(line)))
      .filter((request) => request.do !== "alive");
  }
}

/** The connection of a test to its stand-in. */
export function connectionTo(user: string): SshConnection {
  return sshConnection({ address: "192.0.2.1", port: 22, user, hostKey });
}
