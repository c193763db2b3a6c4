import { describe, expect, test } from "vitest";
import { dotenvLimits, dotenvReport, outputVariables } from "../../../cli/gitlab/dotenv-report.ts";
import { linksReport, widgetReport } from "../../../cli/gitlab/reports.ts";

describe("the widget's report", () => {
  test("counts creations, changes and removals, the likely ones if the server was not seen", () => {
    const kinds = ["new", "changed", "repair", "same"].map((kind) => ({ change: { kind } }));
    const blind = ["changed", "same"].map((likely) => ({ change: { kind: "blind", likely } }));
    expect(widgetReport({ hosts: { main: { documents: [...kinds, ...blind], removed: ["x"] } } })).toEqual({
      create: 1,
      update: 3,
      delete: 1,
    });
  });

  test("has all three numbers if nothing changes", () => {
    expect(widgetReport({ hosts: { main: { documents: [], removed: [] } } })).toEqual({
      create: 0,
      update: 0,
      delete: 0,
    });
  });
});

test("links have the form of GitLab's annotations", () => {
  const link = { label: "staging: the plan", url: "https://gitlab.test/1" };
  expect(linksReport([link])).toEqual({ slipway: [{ external_link: link }] });
});

const digest = `@sha256:${"a".repeat(64)}`;

function outputs(services: number) {
  const names = Array.from({ length: services }, (_, index) => `app-${index}`);
  const by = (value: string): Record<string, string> => Object.fromEntries(names.map((name) => [name, value]));
  return {
    ...{ project: "aaperture", directory: "/var/www/aaperture" },
    hosts: {
      main: {
        address: "192.0.2.7",
        urls: by("http://127.0.0.1:8080"),
        images: by(`registry.test/app${digest}`),
      },
    },
    live: { main: { release: "1.0.0", colour: "blue" } },
  };
}

describe("the dotenv report", () => {
  test("begins each variable with the stack's name, and puts the most important ones first", () => {
    const { text, omitted } = dotenvReport(outputVariables("staging", outputs(1)));
    expect(text.split("\n")).toEqual([
      "STAGING_RELEASE=1.0.0",
      "STAGING_COLOUR=blue",
      "STAGING_PROJECT=aaperture",
      "STAGING_DIRECTORY=/var/www/aaperture",
      "STAGING_MAIN_ADDRESS=192.0.2.7",
      "STAGING_APP_0_URL=http://127.0.0.1:8080",
      `STAGING_APP_0_IMAGE=registry.test/app${digest}`,
      "",
    ]);
    expect(omitted).toEqual([]);
  });

  test("keeps GitLab's limits of 20 variables and 5 KB, and names the variables that it omits", () => {
    const many = dotenvReport(outputVariables("staging", outputs(30)));
    expect(many.text.trim().split("\n")).toHaveLength(dotenvLimits.variables);
    expect(many.omitted).toHaveLength(5 + 60 - dotenvLimits.variables);
    const long = Array.from({ length: 10 }, (_, index) => [`LONG_${index}`, "x".repeat(900)] as const);
    const { text, omitted } = dotenvReport(long);
    expect(text.length).toBeLessThanOrEqual(dotenvLimits.bytes);
    expect(omitted).toEqual(["LONG_5", "LONG_6", "LONG_7", "LONG_8", "LONG_9"]);
  });

  test.each(['say "hi"', "two words", "two\nlines", "a$b", "it's", "", "é", "a#b"])(
    "leaves out the value %j, which GitLab would refuse or change",
    (value) => {
      expect(dotenvReport([["NAME", value]])).toEqual({ text: "", omitted: ["NAME"] });
    },
  );
});
