import { childEnvironment } from "../../process/environment.ts";
import type { Problem } from "../../model/problem.ts";
import { readEnvDocument } from "./env-document.ts";
import type { EnvRequest, EnvSource } from "./env-source.ts";
import { runCommand } from "../run-command.ts";

/** The source that a command is, which prints an env document at deploy time (C11, D6). What it prints stands in no message. */
export async function commandSource(request: EnvRequest, command: readonly string[]): Promise<EnvSource> {
  const [program = ""] = command;
  const source = {
    ...{ name: "command", kind: "command" as const, variables: [], empty: [], notes: [], problems: [], closed: false },
    add: () => `let '${program}' print it`,
  };
  if (request.offline) return { ...source, closed: true };
  const { timeout } = request.settings;
  const env = { ...childEnvironment(request.process), ENVIRONMENT: request.environment };
  const end = await runCommand(command, { cwd: request.root, env, seconds: timeout });
  const problem = endProblem(program, timeout, end);
  if (problem !== undefined) return { ...source, problems: [problem] };
  const { variables, problems } = readEnvDocument("env.command", end.stdout);
  if (variables.length === 0 && problems.length === 0) {
    return {
      ...source,
      problems: [{ path: "env.command", what: "printed nothing", todo: `run '${program}' by hand` }],
    };
  }
  const full = variables.filter(({ value }) => value !== "");
  return { ...source, variables: full, empty: variables.filter(({ value }) => value === ""), problems };
}

interface End {
  readonly code: number | undefined;
  readonly late: boolean;
}

/** What a failing secret manager says may hold anything; only how it ended is told. */
function endProblem(program: string, seconds: number, { code, late }: End): Problem | undefined {
  const path = "env.command";
  if (late)
    return {
      path,
      what: `did not end within ${seconds} seconds, got '${program}'`,
      todo: "see why, or set env.timeout",
    };
  if (code === undefined)
    return { path, what: `cannot be run, got '${program}'`, todo: "install it, or write its whole path" };
  if (code === 0) return undefined;
  return { path, what: `ended with code ${code}, got '${program}'`, todo: "run it by hand to see what it says" };
}
