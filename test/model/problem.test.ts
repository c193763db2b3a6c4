import { describe, expect, it } from "vitest";
import { UserError, configurationError, describeError, messageOf } from "../../model/problem.ts";

const at = (path: string) => ({ path, what: "is wrong", todo: "mend it" });

describe("an error of the user", () => {
  it("tells problems of the configuration first, then those of compose files and images, then those of secrets", () => {
    const order = [
      ...["directory", "env.command", "env.files.api.env", "host", "Pulumi.yaml:3", "services.web", "variables.A"],
      ...["compose", "compose.services.web.image", "compose.yaml:3:12", "deploy/base.yml:1:1", "deploy/release.json"],
      ...["release.images", "release.json: images.web", "slipway.lock"],
      ...[".env:3", ".env.example:18", ".sops.yaml", "CI variable TOKEN", "env.command:2", "fingerprintKey"],
      ...["infra/env/staging.env.enc:4", "secrets.TOKEN", "SOPS_AGE_KEY"],
    ];
    const { problems } = new UserError(order.toReversed().map(at));
    expect(problems.map(({ path }) => path)).toEqual(order);
  });

  it("tells all problems in the order of their paths, numbers as numbers", () => {
    const { message, problems } = new UserError([at("file:10"), at("file:4")]);
    expect(message).toBe("file:4: is wrong; mend it\nfile:10: is wrong; mend it");
    expect(problems.map(({ path }) => path)).toEqual(["file:4", "file:10"]);
  });

  it("lists them below a heading", () => {
    expect(configurationError(at("host")).message).toBe("the configuration has problems:\n  - host: is wrong; mend it");
  });

  it("is told without a stack trace, a defect of slipway with one", () => {
    expect(describeError(new UserError(at("host")))).toBe("host: is wrong; mend it");
    expect(describeError(new TypeError("no"))).toMatch(/^TypeError: no\n +at /);
  });

  it("tells advice with the lines of a tool as they are", () => {
    expect(new UserError({ ...at("go"), todo: "see what it wrote:\na\nb" }).message).toBe(
      "go: is wrong; see what it wrote:\na\nb",
    );
  });

  it("tells paths and values in one line, with control characters escaped", () => {
    const problem = { path: "a\tb", what: "is wrong, got 'x\r\n# y\u2028\u001b[2J\u202e\u0085'", todo: "mend\tit" };
    expect(new UserError(problem).message).toBe(
      String.raw`a\tb: is wrong, got 'x\r\n# y\u2028\u001b[2J\u202e\u0085'; mend\tit`,
    );
  });
});

describe("the message of what was thrown", () => {
  it("has no stack trace, and may be of something that is not an error", () => {
    expect([new TypeError("no"), "no", undefined].map(messageOf)).toEqual(["no", "no", "undefined"]);
  });
});
