import { expect, test } from "vitest";
import { backendUrl } from "../../cli/pulumi.ts";

const call = { folder: "/", stack: "staging", stacks: ["staging"], words: [] };

test("the backend is the one that PULUMI_BACKEND_URL names, and Pulumi is not asked", async () => {
  const environment = { PATH: "/nowhere", PULUMI_BACKEND_URL: "s3://bucket" };
  expect(await backendUrl({ ...call, environment })).toBe("s3://bucket");
});

test("without the variable Pulumi is asked, and must answer", async () => {
  for (const environment of [{ PATH: "/nowhere" }, { PATH: "/nowhere", PULUMI_BACKEND_URL: "" }])
    await expect(backendUrl({ ...call, environment })).rejects.toThrow("pulumi whoami: spawn pulumi ENOENT");
});
