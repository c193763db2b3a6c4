import { describe, expect, it } from "vitest";
import { read, readService } from "../trial.ts";

describe("a name that every object of JavaScript has", () => {
  it.each([
    ["a service", "services: { constructor: { image: a } }", "1:13", "constructor"],
    ["a volume", "services: { api: { image: a } }\nvolumes: { toString: {} }", "2:12", "toString"],
    ["a variable in a text", "services: { api: { image: 'a:${valueOf:-1}' } }", "1:20", "valueOf"],
    ["a variable in a default", "services: { api: { image: 'a:${TAG:-${valueOf}}' } }", "1:20", "valueOf"],
    ["a variable of a list", "services: { api: { environment: [A=1, valueOf] } }", "1:39", "valueOf"],
    ["a variable of a map", "services: { api: { environment: { valueOf: } } }", "1:35", "valueOf"],
  ])("is rejected for %s", (_, compose, at, name) => {
    expect(read(compose).problems).toEqual([
      `compose.yaml:${at}: is a name that every object of JavaScript has, got '${name}'; choose another one`,
    ]);
  });

  it("is carried where slipway looks nothing up by it", () => {
    const service = "{ image: a, environment: { constructor: x }, labels: { toString: } }";
    const files = { "more.yaml": "services: { api: { labels: { valueOf: } } }" };
    const { fields } = readService("api", `services: { api: ${service} }`, { files, more: ["more.yaml"] });
    expect(fields["environment"]).toEqual({ constructor: "x" });
    expect(JSON.parse(JSON.stringify(fields["labels"]))).toEqual({ toString: null, valueOf: null });
  });
});
