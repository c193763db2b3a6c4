import { getSystemErrorMessage } from "node:util";

/** The system's message for an error, without Node's additions, in Go's words. */
export function systemError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!("errno" in error) || typeof error.errno !== "number") return error.message;
  const message = getSystemErrorMessage(error.errno);
  return message === "host is unreachable" ? "no route to host" : message;
}
