import { expect, test } from "vitest";
import { gitlabDeploy } from "../../../cli/gitlab/deploy.ts";

test.each([
  ["--held", "ture", "is neither true nor false"],
  ["--release", "keep", "is neither required nor kept"],
])("rejects %s %s", async (option, value, what) => {
  const call = { folder: "/", stack: "staging", stacks: ["staging"], words: [option, value], environment: {} };
  await expect(gitlabDeploy.run(call)).rejects.toMatchObject({
    message: `${option}: ${what}, got '${value}'; write one of them, or leave it out`,
    usage: true,
  });
});
