import type { RegistryUser } from "../model/stack/deployment.ts";
import { configurationError, type Problem } from "../model/problem.ts";
import type { RegistryLogin } from "../model/stack/registry-login.ts";

/** The registry logins of a run, and the problems of those that are missing. */
interface RegistryLogins {
  readonly logins: readonly RegistryLogin[];
  readonly problems: readonly Problem[];
}

/** The logins of one run: those that the stack names, and the one of the CI job itself (E10). */
export function registryLogins(
  registries: Readonly<Record<string, RegistryUser>>,
  environment: NodeJS.ProcessEnv,
): RegistryLogins {
  const logins: RegistryLogin[] = [];
  const problems: Problem[] = [];
  for (const [server, { user, passwordVariable }] of Object.entries(registries)) {
    const password = environment[passwordVariable] ?? "";
    if (password === "") problems.push(missing(server, passwordVariable));
    else logins.push({ server, user, password });
  }
  const { CI_REGISTRY: server = "", CI_REGISTRY_USER: user = "", CI_REGISTRY_PASSWORD: password = "" } = environment;
  const job = server !== "" && user !== "" && password !== "" && registries[server] === undefined;
  return { logins: job ? [...logins, { server, user, password }] : logins, problems };
}

/** The logins of a run that pulls images, which a preview does not; throws if one is missing. */
export function requireRegistryLogins(
  registries: Readonly<Record<string, RegistryUser>>,
  environment: NodeJS.ProcessEnv,
): readonly RegistryLogin[] {
  const { logins, problems } = registryLogins(registries, environment);
  if (problems.length > 0) throw configurationError(problems);
  return logins;
}

function missing(server: string, variable: string): Problem {
  return {
    path: `registries.${server}.passwordVariable`,
    what: `names a variable that is not set, got '${variable}'`,
    todo: `set ${variable} in the environment; in a CI, a protected variable is missing on an unprotected branch`,
  };
}
