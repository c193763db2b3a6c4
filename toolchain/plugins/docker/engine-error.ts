import { z } from "zod";
import { CommandFailed } from "./command-stream.ts";

/** The error of the Docker library for an answer with an error status. */
const answer = z.object({ statusCode: z.number(), json: z.object({ message: z.string() }) });

/** Describes an error of the Docker engine in the words of Docker's own client. */
export function engineError(error: unknown): string {
  const refusal = answer.safeParse(error);
  if (refusal.success) return `Error response from daemon: ${refusal.data.json.message}`;
  return `error during connect: ${error instanceof Error ? error.message : String(error)}`;
}

/** Describes why an engine cannot be reached. */
export function connectError(error: unknown, host: string): string {
  if (error instanceof CommandFailed)
    return `error during connect: Head "http://docker.example.com/_ping": ${error.message}`;
  return `Cannot connect to the Docker daemon at ${host}. Is the docker daemon running?`;
}

/** True for the engine's answer that something does not exist. */
export function isNotFound(error: unknown): boolean {
  return answer.safeParse(error).data?.statusCode === 404;
}

/** Makes an error in the official plugin's words, optionally with the action that failed. */
export function failure(message: string, action?: string): Error {
  return new Error(`${action === undefined ? "" : `${action}: `}1 error occurred:\n\t* ${message}\n\n`);
}
