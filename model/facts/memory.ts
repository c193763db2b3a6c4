import { megabytes } from "../byte-size.ts";
import { total, type MemoryBudget } from "../memory-budget.ts";
import type { Problem } from "../problem.ts";
import type { ClaimFact } from "./observation.ts";

/** The facts of a server that a budget is held against. */
interface BudgetedServer {
  readonly claims: readonly Pick<ClaimFact, "stack" | "memory">[];
  /** In bytes. */
  readonly memoryTotal: number;
}

/**
 * Requires that what the stacks of a server may use at the same time fits into it, beside the system (E12, F16). A
 * preview asks this, and the verb `claim` asks it again under the server's lease. Without a limit nothing is claimed.
 */
export function ensureMemoryFits(
  {
    stack,
    memory: { parts, unlimited = [], reserve, overcommit },
  }: { readonly stack: string; readonly memory: MemoryBudget },
  { claims, memoryTotal }: BudgetedServer,
): Problem[] {
  const own = Object.entries(parts).map(([part, bytes]) => [`${part} of ${stack}`, bytes] as const);
  if (own.length === 0 || overcommit !== undefined) return [];
  const others = claims.flatMap(({ stack: other, memory = 0 }) =>
    other === stack || memory === 0 ? [] : [[`stack ${other}`, memory] as const],
  );
  const all = [...own, ...others, ["kept for the system (memory.reserve)", reserve] as const];
  const sum = total(Object.fromEntries(all));
  if (sum <= memoryTotal) return [];
  const line = (size: string, what: string): string => `${size.padStart(12)}  ${what}`;
  const lines = [
    ...all.map(([what, bytes]) => line(megabytes(bytes), what)),
    ...(unlimited.length === 0 ? [] : [line("unknown", `${unlimited.join(", ")} of ${stack}: no limit, not counted`)]),
    line(megabytes(sum), "in all"),
  ];
  return [
    {
      path: "memory",
      what: `the stacks may use ${megabytes(sum)} of the server at the same time, got ${megabytes(memoryTotal)}`,
      todo:
        "lower `services.<service>.memory`, use a larger server, or set memory.overcommit to the reason why this is " +
        ["right:", ...lines].join("\n"),
    },
  ];
}
