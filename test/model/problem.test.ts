import { describe, expect, it } from "vitest";
import { UserError, configurationError, describeError, messageOf } from "../../model/problem.ts";

const at = (path: string) => ({ path, what: "is wrong", todo: "mend it" });

describe("an error of the user", () => {
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
});

describe("the message of what was thrown", () => {
  it("has no stack trace, and may be of something that is not an error", () => {
    expect([new TypeError("no"), "no", undefined].map(messageOf)).toEqual(["no", "no", "undefined"]);
  });
});
