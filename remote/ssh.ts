import { sshOptions, type Connection } from "../model/connection.ts";

/** The words that run one command on a host. */
export function sshCommand(connection: Connection, command: string): string[] {
  const { host, port, user } = connection;
  return ["ssh", ...sshOptions(connection), "-T", "-p", String(port), "-l", user, host, command];
}

/**
 * Finds the reason why ssh ended in the lines that it printed, with the way out; undefined if it printed nothing. Ssh's
 * own page on a changed host key is left out, since it advises to forget the pinned one.
 */
export function sshReason(said: readonly string[], user: string): string | undefined {
  if (said.includes("Host key verification failed.")) {
    const onTheServer = "/etc/ssh/ssh_host_ed25519_key.pub on the server itself";
    return `it shows another key than \`host.hostKey\`; compare that with ${onTheServer} before you change it`;
  }
  if (said.some((line) => /: Permission denied \(\S+\)\.$/.test(line))) {
    const todo = "load the right one into the ssh agent, or give it to `slipway up` as SSH_PRIVATE_KEY";
    return `it refuses the keys of user '${user}'; ${todo}`;
  }
  return said.slice(-5).join("\n") || undefined;
}
