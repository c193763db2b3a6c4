import type { ReadStack } from "../assemble.ts";
import type { ProposedKeys } from "./keys.ts";

const megabyte = 1024 ** 2;

/** The sizes that are proposed, up to what slipway delivers. */
const sizes = [0.5, 1, 2, 4, 8, 16, 32, 64].map((count) => count * megabyte);
const most = { limit: 16 * megabyte, total: 64 * megabyte };

/** The limits of delivered files that are large enough for what services mount. */
export function withLimits(before: ProposedKeys["files"], wanted: ReadStack["wanted"]): ProposedKeys["files"] {
  return { ...before, ...limitFor("limit", wanted), ...limitFor("total", wanted) };
}

function limitFor(kind: "limit" | "total", wanted: ReadStack["wanted"]): ProposedKeys["files"] {
  const bytes = wanted.flatMap((one) => (one.kind === kind && "bytes" in one ? [one.bytes] : []));
  if (bytes.length === 0) return {};
  const size = sizes.find((one) => one >= Math.max(...bytes));
  if (size === undefined || size > most[kind]) return {};
  return { [kind]: size < megabyte ? `${size / 1024} KB` : `${size / megabyte} MB` };
}
