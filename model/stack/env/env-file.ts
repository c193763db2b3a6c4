import { Buffer } from "node:buffer";
import { escapeValue } from "../../compose/env/escape.ts";
import { configurationError, type Problem } from "../../problem.ts";

/** One variable of a service. Its value may be a secret, so it must not appear in a message. */
export interface EnvVariable {
  readonly name: string;
  readonly value: string;
}

/** Bytes of `NAME=value` and the final NUL that the kernel accepts; a container with more does not start. */
const longestVariable = 128 * 1024;

/**
 * The text from which Compose reads every value back byte for byte as an `env_file` (F110): double quotes, and escapes
 * for characters that Compose would treat as an end, trim or expand. It is for Compose alone: a shell, `docker run
 * --env-file` and `format: raw` follow other rules.
 */
export function writeEnvFile(variables: readonly EnvVariable[]): string {
  const problems = envFileProblems(variables, "env");
  if (problems.length > 0) throw configurationError(problems);
  return variables.map(({ name, value }) => `${name}="${escapeValue(value)}"\n`).join("");
}

/**
 * Every problem that an env file, or a container that starts with it, would have; `path` is the place of the variables.
 */
export function envFileProblems(variables: readonly EnvVariable[], path: string): Problem[] {
  const names = new Set<string>();
  return variables.flatMap(({ name, value }) => {
    const twice = names.has(name);
    names.add(name);
    return [...nameProblems(name, twice, path), ...valueProblems(name, value, path)];
  });
}

function nameProblems(name: string, twice: boolean, path: string): Problem[] {
  if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) {
    const what = `is not a valid variable name, got ${JSON.stringify(name)}`;
    return [
      { path: `${path}.${name}`, what, todo: "use letters, digits, `_`, `.` and `-`, and begin with a letter or `_`" },
    ];
  }
  return twice ? [{ path: `${path}.${name}`, what: "is defined twice", todo: "keep one of them" }] : [];
}

function valueProblems(name: string, value: string, path: string): Problem[] {
  const where = `${path}.${name}`;
  const bytes = Buffer.byteLength(name) + Buffer.byteLength(value) + 2;
  if (!value.isWellFormed()) {
    return [{ path: where, what: "contains half a character (a lone surrogate)", todo: "correct the value" }];
  }
  if (value.includes("\0")) {
    return [
      {
        path: where,
        what: "contains a NUL, which no variable can hold",
        todo: "encode the value, for instance as base64",
      },
    ];
  }
  if (bytes <= longestVariable) return [];
  const what = `is longer than the kernel's ${longestVariable} bytes for one variable, got ${bytes} bytes`;
  return [{ path: where, what, todo: "deliver it as a file" }];
}
