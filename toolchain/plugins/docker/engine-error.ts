import { z } from "zod";
import { CommandFailed } from "./command-stream.ts";

const answer = z.object({ statusCode: z.number(), json: z.object({ message: z.string() }) });

/** Says what went wrong at the Docker engine, in the words that Docker's own client uses. */
export function engineError(error: unknown): string {
  const refusal = answer.safeParse(error);
  if (refusal.success) return `Error response from daemon: ${refusal.data.json.message}`;
  return `error during connect: ${error instanceof Error ? error.message : String(error)}`;
}

/** Says why an engine does not answer at all. */
export function connectError(error: unknown, host: string): string {
  if (error instanceof CommandFailed)
    return `error during connect: Head "http://docker.example.com/_ping": ${error.message}`;
  return `Cannot connect to the Docker daemon at ${host}. Is the docker daemon running?`;
}

/** Tells the engine's "no such thing" from other failures. */
export function isNotFound(error: unknown): boolean {
  return answer.safeParse(error).data?.statusCode === 404;
}

/** A failure as the official plugin words it; `action` stands in front where it puts one. */
export function failure(message: string, action?: string): Error {
  return new Error(`${action === undefined ? "" : `${action}: `}1 error occurred:\n\t* ${message}\n\n`);
}
