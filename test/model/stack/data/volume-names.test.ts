import { describe, expect, it } from "vitest";
import { describeProblem } from "../../../../model/problem.ts";
import { ensureVolumesAreNamedRightly } from "../../../../model/stack/data/volume-names.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import type { Deployment } from "../../../../model/stack/deployment.ts";
import { hostOf } from "../main-host.ts";
import { shop } from "../small-applications.ts";

function named(volumes: Deployment["volumes"]): Deployment {
  return { ...shop(), volumes };
}

const problems = (volumes: Deployment["volumes"]): string[] =>
  ensureVolumesAreNamedRightly(stackOf(named(volumes))).map(describeProblem);

describe("a volume that the stack gives another name (X1)", () => {
  it("has it on the server, and the others keep theirs", () => {
    const names = hostOf(named({ rows: "old_rows" })).volumes.map(({ name, volume }) => `${name} ${volume}`);
    expect(names).toContain("rows old_rows");
    expect(names).toContain("jobs shop_jobs");
    expect(problems({ rows: "old_rows" })).toEqual([]);
  });

  it("is rejected where the compose file has none of that name, or two get the same", () => {
    expect(problems({ row: "old_rows" })).toEqual([
      "volumes.row: is not a volume of the compose file that a service mounts; correct the name, or remove it",
    ]);
    expect(problems({ rows: "shop_jobs" })).toEqual([
      "volumes.rows: is the volume 'jobs' as well, got 'shop_jobs'; name another volume",
    ]);
  });
});
