import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { documentsOf } from "../../../model/plan/plan.ts";
import { loadAaperture } from "../../config/aaperture-stack.ts";
import { digest } from "../../config/trial-repository.ts";
import { planOf } from "./applied-plan.ts";
import { anyFullDeployment } from "../stack/deployment-arbitrary.ts";
import { observed } from "../facts/observed.ts";

const release = {
  version: "1.0.0",
  images: Object.fromEntries(["api", "web"].map((name) => [name, digest(name)])),
  proxy: digest("traefik:v3.6"),
};

/** Every document of a stack that is sent to an empty server. */
function documents(deployment: Deployment): { readonly resource: string; readonly text: string }[] {
  const plan = planOf(deployment, observed());
  return documentsOf(plan).map(({ document: { resource }, text }) => ({ resource, text }));
}

function shortSum(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

describe("the documents", () => {
  it.each(["staging", "production"])("of aaperture's %s are unchanged", async (stack) => {
    const { deployment } = await loadAaperture(stack);
    const texts = documents({ ...deployment, release }).map(({ text }) => text);
    await expect(texts.join("\n")).toMatchFileSnapshot(`golden/aaperture-${stack}.txt`);
  });

  it("are written as golden texts only if vitest is asked to, so that a missing one fails", () => {
    expect(["none", "all"]).toContain(expect.getState().snapshotState.snapshotUpdateState);
  });

  it("of fifty deployments have unchanged sums", async () => {
    const deployments = fc.sample(anyFullDeployment, { seed: 20261129, numRuns: 50 });
    const lines = deployments.flatMap((deployment, index) =>
      documents(deployment).map(({ resource, text }) => `${String(index)} ${resource} ${shortSum(text)}\n`),
    );
    await expect(lines.join("")).toMatchFileSnapshot("golden/sums.txt");
  });
});
