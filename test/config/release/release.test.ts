import { describe, expect, it } from "vitest";
import { readRelease } from "../../../config/release/release.ts";
import { describeProblem } from "../../../model/problem.ts";
import { digest } from "../trial-repository.ts";

const problems = (text: string): string[] => readRelease("release.json", text).problems.map(describeProblem);

describe("a release document", () => {
  it("holds a version and images by digest", () => {
    const release = { version: "1.0.0", images: { api: digest("registry.example/api") } };
    expect(readRelease("release.json", JSON.stringify(release))).toEqual({ release, problems: [] });
  });

  it("may hold the schema and the build arguments (E16)", () => {
    const release = {
      version: "1.0.0",
      images: {},
      schema: "0042_tenants",
      buildArguments: { VITE_AUTH0_DOMAIN: "example.com" },
    };
    expect(readRelease("release.json", JSON.stringify(release)).release).toEqual(release);
  });

  it("may be absent, so that the last applied release stays", () => {
    expect(readRelease("release.json", undefined)).toEqual({ release: undefined, problems: [] });
  });

  it.each<[string, string, unknown[]]>([
    [
      "what is no JSON",
      "{",
      [expect.stringMatching(/^release\.json: is not JSON \(.*\); let the build job write it again$/)],
    ],
    ["what is no map", "[]", ["release.json: is not of type map, got []; correct the value"]],
    [
      "a document without version and images",
      "{}",
      [
        "release.json: version: is missing; let the build job write it",
        "release.json: images: is missing; let the build job write it",
      ],
    ],
    [
      "an image by tag (B4)",
      '{"version":"1","images":{"api":"api:latest"}}',
      [
        "release.json: images.api: is not pinned by digest, got 'api:latest'; " +
          "write repository@sha256:… with all 64 digits",
      ],
    ],
    [
      "an image with more than a digest",
      `{"version":"1","images":{"api":"${digest("api")}0"}}`,
      [
        `release.json: images.api: is not pinned by digest, got '${digest("api")}0'; ` +
          "write repository@sha256:… with all 64 digits",
      ],
    ],
    ...["abcdef", "0123456789abcdeg", "HEAD", "0".repeat(65)].map((commit): [string, string, string[]] => [
      `the commit ${commit}`,
      JSON.stringify({ version: "1", images: {}, commit }),
      [`release.json: commit: is not a commit, got '${commit}'; write its hash`],
    ]),
    [
      "an unknown key",
      '{"version":"1","images":{},"image":{}}',
      ["release.json: image: is not a key that slipway knows; did you mean 'images'"],
    ],
  ])("rejects %s", (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });
});
