import { getSystemErrorMessage } from "node:util";

/** What the system says about an error, without what Node adds to it. */
export function systemError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!("errno" in error) || typeof error.errno !== "number") return error.message;
  const message = getSystemErrorMessage(error.errno);
  return message === "host is unreachable" ? "no route to host" : message;
}
