import { runChild, type Ended } from "../../process/child.ts";
import { secretReaderEnvironment } from "../../process/environment.ts";
import type { Problem } from "../../model/problem.ts";
import { readEnvDocument } from "./env-document.ts";
import type { EnvRequest, EnvSource } from "./env-source.ts";

/** Limit of the output in bytes, more than any env document has. */
const limit = 16 * 1024 * 1024;

/** Runs a command that prints an env document at deploy time (C11, D6). Its output must not appear in a message. */
export async function commandSource(request: EnvRequest, command: readonly string[]): Promise<EnvSource> {
  const [program = ""] = command;
  const source = {
    ...{ name: "command", kind: "command" as const, variables: [], empty: [], notes: [], problems: [] },
    ...{ names: "known" as const, values: "known" as const },
    add: () => `make '${program}' print it`,
  };
  if (request.purpose !== "run") return { ...source, names: "not known here", values: "not known here" };
  const { timeout } = request.settings;
  const env = { ...secretReaderEnvironment(request.process), ENVIRONMENT: request.environment };
  const end = await runChild(command, { cwd: request.root, env, deadline: timeout * 1000, limit, group: true });
  const problem = endProblem(program, timeout, end);
  if (problem !== undefined) return { ...source, problems: [problem] };
  const { variables, problems } = readEnvDocument("env.command", end.bytes);
  if (variables.length === 0 && problems.length === 0) {
    return {
      ...source,
      problems: [{ path: "env.command", what: "printed nothing", todo: `run '${program}' by hand` }],
    };
  }
  const full = variables.filter(({ value }) => value !== "");
  return { ...source, variables: full, empty: variables.filter(({ value }) => value === ""), problems };
}

/** The problem of a command that failed. Its output may contain anything, so only the way it ended is told. */
function endProblem(program: string, seconds: number, { code, fault }: Ended): Problem | undefined {
  const path = "env.command";
  if (fault === "too late") {
    const what = `did not end within ${seconds} seconds, got '${program}'`;
    return { path, what, todo: "find out why, or raise env.timeout" };
  }
  if (fault === "too much output") {
    const what = `printed more than ${limit} bytes, got '${program}'`;
    return { path, what, todo: "make it print the variables alone" };
  }
  if (fault === "not started")
    return { path, what: `cannot be run, got '${program}'`, todo: "install it, or write its full path" };
  if (code === 0) return undefined;
  return { path, what: `ended with code ${code}, got '${program}'`, todo: "run it by hand to see what it says" };
}
