import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { sshOptions, type Connection, type SshConnection } from "../model/connection.ts";
import { NoAnswer, NoProgram, ServerFault } from "./server-fault.ts";
import { observerUser, sudoersLine } from "./slipway-root.ts";

/** The words that run one command on a host, with a terminal if it needs one. */
export function sshCommand(connection: SshConnection, command: string, terminal = false): string[] {
  const { host, port, user } = connection;
  return [
    "ssh",
    ...sshOptions(connection),
    terminal ? "-tt" : "-T",
    "-p",
    String(port),
    "-l",
    user,
    "--",
    host,
    command,
  ];
}

/** The end of a process that brought no answer of slipway: ssh, or the command itself on this machine. */
export interface ProcessEnd {
  /** Undefined if a signal ended it. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** The lines on stderr. */
  readonly said: readonly string[];
}

/** The code with which ssh ends if it did not run the command; any other is the command's own. */
const sshFailed = 255;

/** The words with which sudo, also that in Rust, refuses a command. */
const noSudo = /(password|authentication) is required$|, user \S+ (may not run sudo|is not allowed to execute) /m;

const prepareAgain = "run what `slipway host prepare` prints on the server, as root";

/** The words of slipway-root on a server where no run of the stack was. */
const noSession = /^slipway: (no session of \S+ was on this server yet);/m;

/**
 * Finds the reason why ssh ended before slipway answered. Ssh's own page on a changed host key is left out, since it
 * advises to forget the pinned one.
 */
export function sshReason(
  { code, signal, said }: ProcessEnd,
  { user, hostKey }: Pick<Connection, "user" | "hostKey">,
): NoAnswer | NoProgram | ServerFault {
  if (said.includes("Host key verification failed.")) return hostKeyFault(said, hostKey);
  if (said.some((line) => /: Permission denied \(\S+\)\.$/.test(line))) {
    return new ServerFault(`it refuses the keys of user '${user}'`, otherKey(user));
  }
  const end = said.slice(-5).join("\n");
  const silent = `ssh ended without output (${signal ?? `exit code ${String(code)}`})`;
  if (code === undefined || code === sshFailed) return new NoAnswer(end === "" ? silent : end);
  return noProgram(end, code, user);
}

function otherKey(user: string): string {
  return user === observerUser
    ? "give the right one in SSH_OBSERVE_KEY, or authorise this one with `slipway host prepare --observe-key`"
    : "load the right one into the ssh agent or SSH_PRIVATE_KEY, or authorise this one with `slipway host prepare`";
}

/** The reason why a server on which the command ran has no program for us. */
export function noProgram(end: string, code: number, user: string): NoProgram | ServerFault {
  const [, nothingYet] = noSession.exec(end) ?? [];
  if (nothingYet !== undefined) return new NoProgram(nothingYet);
  if (noSudo.test(end)) {
    const line = `, or add this line to /etc/sudoers.d/slipway-${user}: ${sudoersLine(user)}`;
    const todo = user === observerUser ? prepareAgain : `${prepareAgain}${line}`;
    return new ServerFault(`sudo does not let '${user}' run slipway-root without a password`, todo);
  }
  if (/^sudo: .*slipway-root: command not found|^slipway(-root)?: wants /m.test(end))
    return new ServerFault("it has no slipway-root of this version", prepareAgain);
  const said = end === "" ? "nothing" : `'${end}'`;
  const what = `its command for slipway ended with code ${code} and said ${said}`;
  return new ServerFault(what, `correct that, or ${prepareAgain}`);
}

/** The fingerprint of a public key such as `ssh-ed25519 AAAA…`, as OpenSSH prints it. */
export function fingerprint(key: string): string {
  const [, body = ""] = key.split(" ");
  const sum = createHash("sha256").update(Buffer.from(body, "base64")).digest("base64");
  return `SHA256:${sum.replace(/=+$/, "")}`;
}

/** The fault of a server whose host key ssh refused. It prints the key that it saw, also one of another type. */
function hostKeyFault(said: readonly string[], hostKey: string): ServerFault {
  const seen = said.map((line) => /^(SHA256:\S+?)\.?$/.exec(line)?.[1]).find((one) => one !== undefined);
  const shown = seen === undefined ? "another host key" : `the host key ${seen}`;
  const what = `it shows ${shown} instead of \`host.hostKey\`, which is ${fingerprint(hostKey)}`;
  const own = "`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the server itself";
  return new ServerFault(what, `compare that with ${own} before you change the configuration`);
}
