import { RegistryFault } from "./fault.ts";
import type { RegistryAnswer } from "./connection.ts";

const passingStatus = [408, 429, 500, 502, 503, 504];
const passingCodes = ["ECONNRESET", "ETIMEDOUT", "EPIPE", "EAI_AGAIN", "UND_ERR_SOCKET"];

/** Tells an answer or a failure after which the same question may succeed. */
export function isPassing(got: RegistryAnswer | Error): boolean {
  if ("status" in got) return passingStatus.includes(got.status);
  return !(got instanceof RegistryFault) && passingCodes.includes(codeOf(got));
}

/** The system's code of a failure, such as ECONNREFUSED; empty if it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** The seconds that an answer asks to wait, else half a second that doubles, with a part of it by chance. */
export function secondsToWait(retryAfter: string | undefined, tried: number): number {
  const asked = retryAfter?.trim() ?? "";
  if (/^[0-9]{1,9}$/.test(asked)) return Number(asked);
  const until = Date.parse(asked);
  if (!Number.isNaN(until)) return Math.max(0, (until - Date.now()) / 1000);
  return 2 ** (tried - 2) * (1 + Math.random() / 2);
}
