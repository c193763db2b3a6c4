import { describe, expect, test } from "vitest";
import { caseNames, casesFolder } from "./case/place.ts";
import { runNew, type NewResult } from "./new/new-case.ts";

const cases = casesFolder ?? "";
const names = casesFolder === undefined ? [] : caseNames(casesFolder).filter((name) => !name.startsWith("micro-"));

/**
 * The cases of which render says more than new did, when the values are filled in: temporal takes the version of its
 * database from a variable, and rails-nickjj names a variable in its example whose value would be a secret.
 */
const toldLater: readonly string[] = ["rails-nickjj", "temporal"];

/** A file with many services is read several times; this only ends what hangs. */
const patience = 300_000;

describe.runIf(names.length > 0)("slipway new on the compose files of others", () => {
  const results = new Map<string, NewResult>();

  test.each(names)(
    "%s renders at once, with the values that new asks for, or after what new says",
    async (name) => {
      const result = await runNew(name, cases);
      results.set(name, result);
      const untold = result.kind === "changes" ? result.untold : [];
      if (toldLater.includes(name)) expect(untold).not.toEqual([]);
      else expect(untold).toEqual([]);
    },
    patience,
  );

  test("most cases need no change of a file of theirs", () => {
    const kinds = [...results.values()].map(({ kind }) => kind);
    const count = (kind: NewResult["kind"]): number => kinds.filter((one) => one === kind).length;
    process.stdout.write(
      `${names.length} cases: ${count("nothing")} render at once, ${count("values")} with values, ` +
        `${count("changes")} after changes that new names\n`,
    );
    expect(count("nothing") + count("values")).toBeGreaterThanOrEqual(37);
  });
});
