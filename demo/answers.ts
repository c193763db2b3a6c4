import type { TestServer } from "../test/hosts/servers.ts";
import type { StackName } from "./paths.ts";
import type { StackOutputs } from "./stack.ts";

/** The command that checks each service. It runs on the server, since most services are published only there. */
const checks: Readonly<Record<string, (outputs: StackOutputs) => string>> = {
  api: ({ urls }) => curl(urls["api"], "/version"),
  web: ({ urls }) => curl(urls["web"], "/"),
  prometheus: ({ urls }) => curl(urls["prometheus"], "/-/ready"),
  grafana: ({ urls }) => curl(urls["grafana"], "/api/health"),
  postgres: ({ project }) => {
    const labels = [`com.docker.compose.project=${project}`, "com.docker.compose.service=postgres"];
    const container = `docker ps -q ${labels.map((label) => `-f label=${label}`).join(" ")}`;
    const query = `psql -XAtq -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "show server_version"`;
    return `docker exec "$(${container})" sh -c '${query}'`;
  },
};

/** An HTTP request with a time limit that fails for error statuses. */
function curl(url = "", path: string): string {
  return `curl --silent --show-error --fail --max-time 10 '${url}${path}'`;
}

/** The answer of a service, in one line. */
export interface Answer {
  readonly stack: StackName;
  readonly service: string;
  readonly port: string;
  readonly text: string;
  readonly good: boolean;
}

/** Checks every published service of a stack. */
export async function askServices(
  server: TestServer,
  stack: StackName,
  outputs: StackOutputs | undefined,
): Promise<readonly Answer[]> {
  if (outputs === undefined) return [];
  const answers = Object.entries(outputs.ports).map(async ([service, ports]): Promise<Answer> => {
    const port = Object.values(ports).flat().join(", ");
    const check = checks[service];
    if (check === undefined) return { stack, service, port, text: "the demo has no check for it", good: false };
    const { code, stdout, stderr } = await server.ssh(check(outputs));
    const text = (code === 0 ? stdout : stderr).trim().replaceAll(/\s+/g, " ");
    return { stack, service, port, text: text.slice(0, 80).trimEnd(), good: code === 0 };
  });
  return await Promise.all(answers);
}
