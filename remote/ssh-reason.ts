/**
 * Why an ssh client ended, for the user who must do something about it. What ssh itself says of a changed host key advises to forget the old one, and is a page long.
 */
export function sshReason(said: readonly string[], user: string): string | undefined {
  if (said.includes("Host key verification failed.")) {
    return "it shows another key than `host.hostKey`; compare that with /etc/ssh/ssh_host_ed25519_key.pub on the server itself before you change it";
  }
  if (said.some((line) => /: Permission denied \(\S+\)\.$/.test(line))) {
    return `it refuses the keys of user '${user}'; load the right one into the ssh agent, or give it to \`slipway up\` as SSH_PRIVATE_KEY`;
  }
  return said.slice(-5).join("\n") || undefined;
}
