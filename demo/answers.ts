import type { TestServer } from "../test/hosts/servers.ts";
import type { StackName } from "./paths.ts";
import type { StackOutputs } from "./stack.ts";

/** How each service is asked for a sign of life, on the server itself: most are published there and nowhere else. */
const questions: Readonly<Record<string, (outputs: StackOutputs) => string>> = {
  api: ({ urls }) => curl(urls["api"], "/version"),
  web: ({ urls }) => curl(urls["web"], "/"),
  prometheus: ({ urls }) => curl(urls["prometheus"], "/-/ready"),
  grafana: ({ urls }) => curl(urls["grafana"], "/api/health"),
  postgres: ({ project }) =>
    `docker exec "$(docker ps -q -f label=com.docker.compose.project=${project} -f label=com.docker.compose.service=postgres)" ` +
    `sh -c 'psql -XAtq -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "select version()"'`,
};

function curl(url = "", path: string): string {
  return `curl --silent --show-error --fail --max-time 10 '${url}${path}'`;
}

/** One service's answer, in one line. */
export interface Answer {
  readonly stack: StackName;
  readonly service: string;
  readonly port: string;
  readonly text: string;
  readonly good: boolean;
}

/** Asks every published service of a stack. */
export async function askServices(
  server: TestServer,
  stack: StackName,
  outputs: StackOutputs | undefined,
): Promise<readonly Answer[]> {
  if (outputs === undefined) return [];
  const answers = Object.entries(outputs.ports).map(async ([service, port]): Promise<Answer> => {
    const question = questions[service];
    if (question === undefined) return { stack, service, port, text: "was not asked", good: false };
    const { code, stdout, stderr } = await server.ssh(question(outputs));
    const text = (code === 0 ? stdout : stderr).trim().replaceAll(/\s+/g, " ");
    return { stack, service, port, text: text.slice(0, 90), good: code === 0 };
  });
  return await Promise.all(answers);
}
