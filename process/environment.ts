/** Variables that a program needs to find its files, its language, the user's ssh agent and the way to the network. */
const passedOn = new Set([
  ...["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TERM", "TZ", "TMPDIR", "XDG_CONFIG_HOME"],
  ...["SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR"],
  ...["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"],
]);

/** The keys with which `slipway` opens servers, and observes them; an ssh agent gets each by a pipe. */
const serverKeys: readonly string[] = ["SSH_PRIVATE_KEY", "SSH_OBSERVE_KEY"];

/** An environment without the keys of servers, for everything that uses an agent with them. */
export function withoutServerKeys(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return pick(environment, (name) => !serverKeys.includes(name));
}

/**
 * The environment for a child that needs nothing of ours, such as ssh, ssh-add and git: a few variables by name. A CI
 * job has the application's secrets and all keys in its environment, and nobody can list those by name.
 */
export function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return pick(environment, (name) => passedOn.has(name) || name.startsWith("LC_"));
}

/**
 * The environment for a program that reads secrets with credentials of its own, such as sops with a cloud's keys: all
 * but the keys of servers, and the variables by which Pulumi gives our program its secret config in clear.
 */
export function secretReaderEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return pick(environment, (name) => !serverKeys.includes(name) && !name.startsWith("PULUMI_"));
}

/** The environment for `pulumi` where it runs no program of ours: all but the keys of servers and encrypted files. */
export function keylessEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return pick(environment, (name) => !serverKeys.includes(name) && !name.startsWith("SOPS_AGE_"));
}

function pick(environment: NodeJS.ProcessEnv, keeps: (name: string) => boolean): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => keeps(name)));
}
