import { test } from "vitest";
import { casesFolder } from "../../compose-cases/case/place.ts";
import { deployments } from "./deployments.ts";
import { describeDeployment } from "./story.ts";

test.runIf(casesFolder === undefined)("there are no cases on this machine", () => {
  process.stdout.write("skipped: no cases\n");
});

for (const deployment of casesFolder === undefined ? [] : deployments)
  describeDeployment(deployment, casesFolder ?? "");
