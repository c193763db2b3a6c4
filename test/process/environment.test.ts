import { expect, test } from "vitest";
import { childEnvironment } from "../../process/environment.ts";

test("a child gets none of the variables by which Pulumi configures the program, and all others (F111)", () => {
  const pulumi = { PULUMI_CONFIG: '{"aaperture:secrets":"…"}', PULUMI_CONFIG_PASSPHRASE: "word" };
  expect(childEnvironment({ PATH: "/bin", SSH_AUTH_SOCK: "/run/agent", ...pulumi })).toEqual({
    PATH: "/bin",
    SSH_AUTH_SOCK: "/run/agent",
  });
});
