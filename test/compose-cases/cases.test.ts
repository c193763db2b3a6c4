import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { carried } from "./carried.ts";
import { composeVersions, type Compose } from "./case/compose.ts";
import { caseNames, casesFolder } from "./case/place.ts";
import { runCase, type CaseResult } from "./case/result.ts";
import { faultLines, summaryLines } from "./case/table.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const names = casesFolder === undefined ? [] : caseNames(casesFolder);

test.runIf(names.length === 0)("there are no cases on this machine", () => {
  say("skipped: no cases");
});

describe.runIf(names.length > 0)("compose files of others", () => {
  const results = new Map<string, CaseResult>();
  const used = new Set<string>();
  let versions: readonly Compose[];
  beforeAll(async () => {
    versions = await composeVersions();
  });
  afterAll(() => summaryLines(results, used).forEach(say));

  test.each(names)("%s is carried if the list says so, and is on the list if it is carried", async (name) => {
    const result = await runCase(name, casesFolder ?? "", versions, (entry) => used.add(entry));
    results.set(name, result);
    if (carried.includes(name)) expect(faultLines(result)).toEqual([]);
    else expect(result.kind, `'${name}' is carried now: add it to test/compose-cases/carried.ts`).not.toBe("carried");
  });

  test("the list names only cases that exist, each once, in order", () => {
    expect(carried).toEqual([...new Set(carried)].filter((name) => names.includes(name)).sort());
  });

  test("no case makes slipway or the comparison fail by itself", () => {
    const messages = [...results.values()].flatMap(faultLines);
    expect(messages.filter((line) => line.startsWith("slipway failed"))).toEqual([]);
  });
});
