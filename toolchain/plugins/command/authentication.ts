import type { AnyAuthMethod, AuthenticationType, ConnectConfig } from "ssh2";
import type { Connection } from "./connection.ts";

/** Logs in to a server with the password, if there is one, then with the agent's keys. Calls `fail` if both fail. */
export function authentication(
  connection: Connection,
  agent: string | undefined,
  fail: (error: Error) => void,
): ConnectConfig {
  const known = methods(connection, agent);
  const tried: AuthenticationType[] = [];
  return {
    authHandler: (taken, _partial, next) => {
      // The method "none" makes the server list the methods that it accepts.
      const untried = (type: AuthenticationType) => !tried.includes(type) && taken.includes(type);
      const type = tried.length === 0 ? "none" : [...known.keys()].find(untried);
      const method = type === undefined ? undefined : known.get(type);
      if (type === undefined || method === undefined) {
        const attempted = `attempted methods [${tried.join(" ")}], no supported methods remain`;
        fail(new Error(`ssh: unable to authenticate, ${attempted}`));
        return;
      }
      tried.push(type);
      next(method);
    },
  };
}

/** The available methods, in the order in which they are tried. */
function methods(
  { user: username, password }: Connection,
  agent: string | undefined,
): ReadonlyMap<AuthenticationType, AnyAuthMethod> {
  const found = new Map<AuthenticationType, AnyAuthMethod>([["none", { type: "none", username }]]);
  if (password !== undefined) {
    found.set("password", { type: "password", username, password });
    found.set("keyboard-interactive", {
      type: "keyboard-interactive",
      username,
      prompt: (_name, _instructions, _language, prompts, finish) => finish(prompts.map(() => password)),
    });
  }
  if (agent !== undefined) found.set("publickey", { type: "agent", username, agent });
  return found;
}
