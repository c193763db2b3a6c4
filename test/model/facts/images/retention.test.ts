import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  imageVerdicts,
  withoutTag,
  type KeepRule,
  type RetentionFacts,
} from "../../../../model/facts/images/retention.ts";

const reference = (name: string): string => `registry.test/${name}@sha256:${name}`;
const image = (name: string, size = 100, tags: readonly string[] = []) => {
  return { id: `sha256:id-${name}`, references: [reference(name)], tags, size };
};
const release = (name: string, ...images: string[]) => ({ release: name, images: images.map(reference) });

/** Releases 1 to 7, the newest first, each with an image of its own; the live one is deployed. */
const seven: RetentionFacts = {
  images: "1234567".split("").map((name) => image(name)),
  pulled: new Set("1234567".split("").map(reference)),
  used: new Set<string>(),
  declared: new Set([reference("7")]),
  others: new Set<string>(),
  verified: "7654321".split("").map((name) => release(name, name)),
};

function removed(facts: RetentionFacts, rule: KeepRule): string[] {
  return imageVerdicts(facts, rule).flatMap(({ image: { id }, keep, why }) =>
    keep ? [] : [`${id.slice(-1)}: ${why}`],
  );
}

describe("the images of a stack", () => {
  const old = (name: string): string => `${name}: of ${name}, which is older than those that are kept`;
  const costly = (name: string): string => `${name}: of ${name}, for which \`keep.disk\` has no room`;

  it.each<[string, Partial<RetentionFacts>, KeepRule, readonly string[]]>([
    ["stay for the last five releases", {}, { releases: 5 }, [old("1"), old("2")]],
    [
      "stay for the live release and the one before it, even if the rule says less",
      {},
      { releases: 1 },
      "12345".split("").map(old),
    ],
    [
      "stay within `keep.disk`, the newest first",
      {},
      { releases: 5, disk: 250 },
      [old("1"), old("2"), costly("3"), costly("4")],
    ],
    [
      "stay for the release before the live one, even if the budget has no room",
      {},
      { releases: 5, disk: 1 },
      [old("1"), old("2"), costly("3"), costly("4"), costly("5")],
    ],
    [
      "stay if a container has them, also a stopped one",
      { used: new Set(["sha256:id-1"]) },
      { releases: 5 },
      [old("2")],
    ],
    ["stay if another stack needs them", { others: new Set([reference("1")]) }, { releases: 5 }, [old("2")]],
    ["stay if slipway did not pull them", { pulled: new Set([reference("2")]) }, { releases: 5 }, [old("2")]],
    [
      "stay if somebody tagged them",
      { images: [image("1", 100, ["mine:1"]), image("2")] },
      { releases: 5 },
      [old("2")],
    ],
    [
      "go if they are of no verified release",
      { verified: [release("7", "7")] },
      { releases: 5 },
      "123456".split("").map((name) => `${name}: of no release that was verified`),
    ],
  ])("%s (F50)", (_title, more, rule, expected) => {
    expect(removed({ ...seven, ...more }, rule)).toEqual(expected);
  });

  it("of a release that was verified twice count once, such as after a rollback", () => {
    const verified = [release("6", "6"), release("7", "7"), release("6", "6"), release("5", "5"), release("4", "4")];
    const found = removed({ ...seven, verified, declared: new Set([reference("6")]) }, { releases: 3 });
    expect(found.map(([name]) => name)).toEqual(["1", "2", "3", "4"]);
  });

  const names = "abcdefgh".split("");
  const some = fc.subarray(names).map((list) => new Set(list.map(reference)));
  const facts = fc.record({
    images: fc.constant(names).map((all) => all.map((name, index) => image(name, 50 * (index + 1)))),
    ...{ pulled: some, declared: some, others: some },
    used: fc.subarray(names).map((list) => new Set(list.map((name) => `sha256:id-${name}`))),
    verified: fc.array(
      fc.subarray(names, { minLength: 1 }).map((list) => release(list.join(""), ...list)),
      { maxLength: 8 },
    ),
  });
  const rules = fc.record(
    { releases: fc.integer({ min: 1, max: 8 }), disk: fc.integer({ min: 1, max: 1000 }) },
    { requiredKeys: ["releases"] },
  );

  it("never lose what anybody needs, nor those of the last two releases, whatever the rule (F50)", () => {
    fc.assert(
      fc.property(facts, rules, (found, rule) => {
        const [live, before] = imageSets(found);
        for (const { image: gone } of imageVerdicts(found, rule).filter(({ keep }) => !keep)) {
          const [name = ""] = gone.references;
          expect(found.pulled.has(name)).toBe(true);
          expect([found.declared, found.others, live, before].some((needed) => needed?.has(name))).toBe(false);
          expect(found.used.has(gone.id)).toBe(false);
        }
      }),
    );
  });

  it("that are kept to go back alone fit into the budget, but for the last two releases", () => {
    fc.assert(
      fc.property(facts, fc.integer({ min: 1, max: 1000 }), (found, disk) => {
        const kept = imageVerdicts(found, { releases: 8, disk }).filter(({ why }) => why.startsWith("to go back"));
        const [live, before] = imageSets(found);
        const isLast = (name = ""): boolean => live?.has(name) === true || before?.has(name) === true;
        const size = kept.reduce((sum, one) => sum + one.image.size, 0);
        expect(size <= disk || kept.every(({ image: { references } }) => isLast(references[0]))).toBe(true);
      }),
    );
  });
});

/** The images of each different release, the newest first. */
function imageSets({ verified }: Pick<RetentionFacts, "verified">): Set<string>[] {
  const keys = [...new Set(verified.map(({ images }) => [...images].sort().join(" ")))];
  return keys.map((key) => new Set(key.split(" ")));
}

it.each([
  ["postgres:17@sha256:ab", "postgres@sha256:ab"],
  ["registry.test:5000/app@sha256:ab", "registry.test:5000/app@sha256:ab"],
  ["registry.test:5000/app:1.2@sha256:ab", "registry.test:5000/app@sha256:ab"],
])("'%s' is '%s' to the engine", (written, known) => {
  expect(withoutTag(written)).toBe(known);
});
