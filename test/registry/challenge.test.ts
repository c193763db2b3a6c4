import { describe, expect, it } from "vitest";
import { parseChallenges } from "../../registry/challenge.ts";

describe("the ways to log in that a registry offers", () => {
  it.each([
    ["none", "", []],
    [
      "a bearer token",
      'Bearer realm="https://auth.test/token",service="registry.test",scope="repository:a/b:pull,push"',
      [
        {
          scheme: "bearer",
          parameters: { realm: "https://auth.test/token", service: "registry.test", scope: "repository:a/b:pull,push" },
        },
      ],
    ],
    ["a basic login", "Basic realm=registry", [{ scheme: "basic", parameters: { realm: "registry" } }]],
    [
      "both in one header",
      'BASIC realm="a \\"b\\"", bearer Realm = "x" , service=y',
      [
        { scheme: "basic", parameters: { realm: 'a "b"' } },
        { scheme: "bearer", parameters: { realm: "x", service: "y" } },
      ],
    ],
    [
      "a way without parameters",
      "Negotiate, Basic realm=x",
      [
        { scheme: "negotiate", parameters: {} },
        { scheme: "basic", parameters: { realm: "x" } },
      ],
    ],
    ["something else", '=,"?', []],
  ])("are read from the header: %s", (_, header, expected) => {
    expect(parseChallenges(header)).toEqual(expected);
  });

  it("are read to the end, also from a hostile header", () => {
    for (const part of ["a=", 'a="', 'a="\\', "a ", "a=b ", ", ", "a = "]) {
      expect(parseChallenges(`Bearer ${part.repeat(16_000 / part.length)}`)[0]).toMatchObject({ scheme: "bearer" });
    }
  });
});
