import { describe, expect, it } from "vitest";
import { leftLines, modeOf, projectOf } from "../../../cli/commands/adopt.ts";
import { describeError } from "../../../model/problem.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { container, handMade, rows } from "../../model/facts/hand-made/hand-made-shop.ts";
import { hostOf } from "../../model/stack/main-host.ts";
import { shop } from "../../model/stack/small-applications.ts";

const adopting = { stack: stackOf(shop()), host: hostOf(shop()) };

function refusal(act: () => unknown): string {
  try {
    act();
    return "";
  } catch (error) {
    return describeError(error);
  }
}

describe("the options of slipway adopt (X1)", () => {
  it("ask for one thing at a time", () => {
    const said = [
      { undo: true, done: true },
      { done: true, project: "old" },
      { undo: true, project: "old" },
      { yes: true },
      { done: true, "destroy-protected": "shop" },
    ].map((options) => refusal(() => modeOf({ options })));
    expect(said).toEqual([
      "--done: is the opposite of --undo; give one of them",
      "--project: is for the first adoption alone; leave it out",
      "--project: is for the first adoption alone; leave it out",
      "--yes: is for --undo; leave it out",
      "--destroy-protected: is for --undo; leave it out",
    ]);
  });

  it("adopt, undo, or give up", () => {
    expect([{}, { undo: true, yes: true }, { done: true }].map((options) => modeOf({ options }))).toEqual([
      { undo: false, done: false },
      { undo: true, done: false },
      { undo: false, done: true },
    ]);
  });
});

describe("the hand-made project that slipway adopt takes (X1)", () => {
  const other = handMade({ project: "other", containers: [container("mail")] });
  const find = (projects: readonly ReturnType<typeof handMade>[], asked?: string): string => {
    return projectOf(adopting, { handMade: projects, applied: [] }, asked).project;
  };

  it("is the only one with a service of the stack, or the named one", () => {
    expect(find([other, handMade()])).toBe("old");
    expect(find([other, handMade()], "other")).toBe("other");
  });

  it("is asked for where several have a service of the stack", () => {
    expect(refusal(() => find([handMade(), handMade({ project: "older" })]))).toMatch(
      /^--project: is not clear: several projects on \S+ have services of the stack, got old, older; name one of them$/,
    );
  });

  it("is one that the server has", () => {
    expect(refusal(() => find([other]))).toMatch(
      /^--project: no hand-made .* service of the stack; name one of other$/,
    );
    expect(refusal(() => find([handMade()], "new"))).toMatch(/^--project: is not .*, got 'new'; name one of old$/);
    expect(refusal(() => find([]))).toMatch(/see `docker compose ls --all` there$/);
  });
});

describe("what slipway adopt tells before the plan does (X1)", () => {
  it("names services that the stack lacks, ports that move, and the passwords of a database", () => {
    const [own] = adopting.host.ports;
    const containers = [
      container(own?.service ?? "", { ports: [`0.0.0.0:${String(own?.first)}`] }),
      container("web", { mounts: [rows] }),
      container("mail"),
    ];
    const text = `0.0.0.0:${String(own?.first)}`;
    const moved = `127.0.0.1:${String(own?.first)}`;
    expect(leftLines(adopting, { containers })).toEqual([
      "note: the stack has no service 'mail'; it stops as well",
      `note: port ${text} of 'old-database-1' becomes ${moved}; to keep it, write "${text}" in \`ports\``,
      "note: the database's passwords are in its data; give the stack's secrets the same values",
    ]);
  });
});
