import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { connectionOf } from "../../model/connection.ts";
import { HostClient } from "../../remote/host-client.ts";
import { observed } from "../model/facts/observed.ts";

/** Takes the program off its stdin and answers as it does; keeps the lines that it was sent. */
const answers = `for command; do :; done
head -c "\${command##* }" >/dev/null
while read -r line; do
  echo "$line" >>"$folder/lines"
  case $line in
    observe) cat "$folder/facts"; echo '{"fact":"observed"}' ;;
    lease*) echo '{"fact":"session","run":"run-1"}' ;;
    end) exit 0 ;;
  esac
done`;

/** A program in the place of ssh, for one test; it does what the script says. */
export class StubSsh {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-ssh-"));
  readonly environment = { PATH: `${this.folder}:/usr/bin:/bin`, SSH_AUTH_SOCK: "/agent/of/the/caller" };
  /** Everything that the server said for people. */
  readonly said: string[] = [];

  constructor(script = answers) {
    onTestFinished(() => rmSync(this.folder, { recursive: true }));
    const ssh = join(this.folder, "ssh");
    writeFileSync(join(this.folder, "facts"), `${JSON.stringify({ fact: "host", ...observed().host })}\n`);
    writeFileSync(ssh, `#!/bin/sh\nfolder=${this.folder}\n${script}\n`);
    chmodSync(ssh, 0o755);
  }

  client({ user = "deploy", program = "", environment = this.environment } = {}): HostClient {
    return new HostClient({
      connection: connectionOf({ address: "192.0.2.1", port: 22, user, hostKey: "ssh-ed25519 AAAA" }),
      ...{ program, stack: "shop/test", run: "run-1", environment },
      say: (line) => this.said.push(line),
    });
  }

  /** The lines of a file that the script has written. */
  lines(file = "lines"): string[] {
    const path = join(this.folder, file);
    return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
  }
}
