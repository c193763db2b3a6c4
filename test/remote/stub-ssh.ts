import { Buffer } from "node:buffer";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { connectionOf } from "../../model/connection.ts";
import type { Observation } from "../../model/facts/observation.ts";
import { HostClient } from "../../remote/host-client.ts";
import { observed } from "../model/facts/observed.ts";

/** A script that takes the program off its stdin, answers as the program does, and keeps the lines that it gets. */
const answers = `for command; do :; done
head -c "\${command##* }" >/dev/null
while read -r line; do
  echo "$line" >>"$folder/lines"
  case $line in
    observe) cat "$folder/facts"; echo '{"fact":"observed"}' ;;
    lease*) if [ -e "$folder/held" ]; then cat "$folder/held" >&2; exit 1; fi
      echo '{"fact":"session","run":"run-1"}' ;;
    remove*) echo '{"fact":"removable"}' ;;
    keep*) echo '{"fact":"kept"}' ;;
    end) exit 0 ;;
  esac
done`;

/** A program in the place of ssh, for one test; it runs the given script. */
export class StubSsh {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-ssh-"));
  readonly environment = { PATH: `${this.folder}:/usr/bin:/bin`, SSH_AUTH_SOCK: "/agent/of/the/caller" };
  /** Everything that the server said for people. */
  readonly said: string[] = [];

  constructor(script = answers, found: Observation = observed()) {
    onTestFinished(() => rmSync(this.folder, { recursive: true }));
    this.write("facts", factLines(found));
    this.write("ssh", `#!/bin/sh\nfolder=${this.folder}\n${script}\n`);
  }

  /** Makes a server with these facts; `held` is its message if another run has the lease. */
  static of(found: Observation, held?: string): StubSsh {
    const ssh = new StubSsh(answers, found);
    if (held !== undefined) ssh.write("held", `${held}\n`);
    return ssh;
  }

  /** Writes a file beside the script; one that begins with `#!` becomes executable. */
  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
    if (text.startsWith("#!")) chmodSync(join(this.folder, name), 0o755);
  }

  client({ user = "deploy", program = "", environment = this.environment } = {}): HostClient {
    return new HostClient({
      connection: connectionOf({ address: "192.0.2.1", port: 22, user, hostKey: "ssh-ed25519 AAAA" }),
      ...{ program, stack: "shop/test", run: "run-1", environment },
      say: (line) => this.said.push(line),
    });
  }

  /** The lines of a file that the script wrote. */
  lines(file = "lines"): string[] {
    const path = join(this.folder, file);
    return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
  }
}

/** Writes the facts about a server and its applied documents, as a server sends them. */
function factLines({ host, applied }: Observation): string {
  const documents = applied.map(({ object, text }) => `\f${object}\n${text}`).join("");
  const facts = [
    { fact: "host", ...host },
    ...applied.map((one) => ({ fact: "applied", ...one })),
    { fact: "documents", text: Buffer.from(documents).toString("base64") },
  ];
  return facts.map((fact) => `${JSON.stringify(fact)}\n`).join("");
}
