/** The address of a Docker engine: a socket on this machine, or an ssh command that connects to it. */
export type EngineAddress =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "ssh"; readonly words: readonly [string, ...string[]] };

/** The host of a provider if neither its `host` nor DOCKER_HOST is set. */
export const defaultHost = "unix:///var/run/docker.sock";

/** Parses the provider's `host` and `sshOpts`. */
export function parseHost(host: string, sshOpts: readonly string[]): EngineAddress {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url?.protocol === "unix:") return { kind: "socket", path: decodeURIComponent(url.pathname) };
  if (url?.protocol === "ssh:") return { kind: "ssh", words: sshWords(url, sshOpts) };
  throw new Error(`docker: host: ${unsupportedHost(host)}`);
}

/** The message for a host that is neither ssh:// nor unix://. */
export function unsupportedHost(host: string): string {
  return `the offline plugin supports only ssh:// and unix://, got "${host}"; use one of them or the official plugin`;
}

/** The ssh command that Docker's own client would run. */
function sshWords(url: URL, sshOpts: readonly string[]): readonly [string, ...string[]] {
  const problem = sshProblem(url);
  if (problem !== undefined) throw new Error(`ssh host connection is not valid: invalid SSH URL: ${problem}`);
  const user = url.username === "" ? [] : ["-l", decodeURIComponent(url.username)];
  const port = url.port === "" ? [] : ["-p", url.port];
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return ["ssh", ...user, ...port, ...sshFlags(sshOpts), "--", host, remoteCommand(url)];
}

/** The user's options, with Docker's defaults for those that are missing. */
function sshFlags(sshOpts: readonly string[]): string[] {
  const timeout = sshOpts.join("").includes("ConnectTimeout") ? [] : ["-o ConnectTimeout=30"];
  const noTerminal = sshOpts.includes("-T") ? [] : ["-T"];
  return [...sshOpts, ...timeout, ...noTerminal];
}

function remoteCommand(url: URL): string {
  const socket = url.pathname;
  return /^\/*$/.test(socket) ? "docker system dial-stdio" : `docker --host=unix://${socket} system dial-stdio`;
}

/** The problem of an ssh URL in the words of Docker's own client; undefined if it is valid. */
function sshProblem(url: URL): string | undefined {
  if (url.hostname === "") return "hostname is empty";
  if (url.password !== "") return "plain-text password is not supported";
  if (!/^[\w./-]*$/.test(url.pathname)) return `the socket path needs quoting: "${url.pathname}"`;
  if (url.search !== "") return `query parameters are not allowed: "${url.search.slice(1)}"`;
  if (url.hash !== "") return `fragments are not allowed: "${url.hash.slice(1)}"`;
  return undefined;
}
