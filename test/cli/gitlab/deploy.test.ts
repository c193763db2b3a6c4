import { expect, test } from "vitest";
import { gitlabDeploy } from "../../../cli/gitlab/deploy.ts";

test("rejects a --held that is neither true nor false, which would deploy without the plan", async () => {
  const call = { folder: "/", stack: "staging", stacks: ["staging"], words: ["--held", "ture"], environment: {} };
  await expect(gitlabDeploy.run(call)).rejects.toMatchObject({
    message: "--held: is neither true nor false, got 'ture'; write one of them, or leave it out",
    usage: true,
  });
});
