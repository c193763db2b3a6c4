import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { checkout } from "../../toolchain/paths.ts";

const jobSchema = z.object({
  script: z.array(z.string()),
  rules: z.array(z.object({ if: z.string() })),
  resource_group: z.string(),
});

it("E20: the disk of a server is cleaned in scheduled pipelines alone, and never beside a deployment", () => {
  const [, jobs] = parseAllDocuments(readFileSync(join(checkout, "ci/clean.yml"), "utf8"));
  const job = z.record(z.string(), jobSchema).parse(jobs?.toJS())["clean:$[[ inputs.job ]]"];
  expect(job).toEqual({
    script: ["$[[ inputs.slipway ]] clean --stack $[[ inputs.stack ]] --yes"],
    rules: [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }],
    resource_group: "$[[ inputs.stack ]]",
  });
});
