import { expect, it } from "vitest";
import { readSops } from "../../../secrets/sops/read.ts";
import { fixture, fixtureKeys, valuesOf } from "../fixture.ts";

const keys = await fixtureKeys();
const text = fixture("plain-age.env");
const bytes = Buffer.from(text);
const right = valuesOf(await readSops("x", text, keys));

/** Judges a changed file: it must be refused with a way out, or hold the very same variables. */
async function judge(mutant: string): Promise<"refused" | "same"> {
  const read = await readSops("x", mutant, keys);
  if (read.problems.length > 0 || read.foreign !== undefined) return "refused";
  expect(valuesOf(read), mutant).toEqual(right);
  return "same";
}

async function count(mutants: readonly string[]): Promise<{ refused: number; same: number }> {
  const verdicts: string[] = [];
  for (const mutant of mutants) verdicts.push(await judge(mutant));
  const refused = verdicts.filter((verdict) => verdict === "refused").length;
  return { refused, same: verdicts.length - refused };
}

/** Every line but the last, which is empty. */
const lines = text.trimEnd().split("\n");
const joined = (some: readonly string[]): string => `${some.join("\n")}\n`;
const pairs = lines.flatMap((_, first) =>
  lines.slice(first + 1).map((__, other): [number, number] => [first, first + 1 + other]),
);

it("rejects a file with any byte flipped, unless its variables are the same (F101)", { timeout: 120_000 }, async () => {
  const flipped = Array.from(bytes, (byte, at) => {
    const copy = Buffer.from(bytes);
    copy[at] = byte ^ (1 << (at % 7));
    return copy.toString("utf8");
  });
  const found = await count(flipped);
  process.stdout.write(`  ${flipped.length} bytes flipped: ${found.refused} refused, ${found.same} the same content\n`);
  expect(found.refused + found.same).toBe(bytes.length);
  expect(found.refused).toBeGreaterThan(found.same);
});

it("rejects lines cut, swapped, doubled, added or renamed, unless the variables are the same (F102)", async () => {
  const names = lines.flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? []);
  const value = (name: string): string =>
    lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  const mutants = [
    ...lines.map((_, at) => joined(lines.filter((__, other) => other !== at))),
    ...lines.map((_, at) => joined(lines.slice(0, at))),
    ...lines.map((line, at) => joined([...lines.slice(0, at), line, ...lines.slice(at)])),
    ...lines.map((line, at) => joined(lines.with(at, line.slice(0, line.length / 2)))),
    ...lines.map((_, at) => joined([...lines.slice(0, at), "ADDED=canary", ...lines.slice(at)])),
    ...lines.map((_, at) => joined([...lines.slice(0, at), "ADDED=", ...lines.slice(at)])),
    ...names.map((name) => joined([`ADDED=${value(name)}`, ...lines])),
    ...names.map((name) => text.replace(`${name}=`, `${name}_unencrypted=`)),
    ...names.map((name) => text.replace(new RegExp(`^${name}=.*$`, "m"), `${name}=`)),
    ...pairs.map(([first, other]) => joined(lines.with(first, lines[other] ?? "").with(other, lines[first] ?? ""))),
    ...pairs.flatMap(([first, other]) => {
      const [one, two] = [lines[first] ?? "", lines[other] ?? ""].map((line) => line.indexOf("="));
      if (one === undefined || two === undefined || one < 0 || two < 0) return [];
      const [a, b] = [lines[first] ?? "", lines[other] ?? ""];
      return [joined(lines.with(first, a.slice(0, one) + b.slice(two)).with(other, b.slice(0, two) + a.slice(one)))];
    }),
  ];
  const found = await count(mutants);
  process.stdout.write(
    `  ${mutants.length} files edited by hand: ${found.refused} refused, ${found.same} the same content\n`,
  );
  expect(found.refused).toBeGreaterThan(mutants.length / 2);
});
