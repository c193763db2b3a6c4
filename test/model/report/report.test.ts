import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { driftLines, driftReport } from "../../../model/report/drift.ts";
import { textOf } from "../../../model/report/tone.ts";
import { planMarkdown } from "../../../model/report/markdown.ts";
import { planTable } from "./plan-table.ts";
import { checkout } from "../../../toolchain/paths.ts";
import { examples } from "./example.ts";
import { printPlan } from "../../../model/report/print-plan.ts";
import { carriedOut, noPlain, wholePlan } from "../plan/applied-plan.ts";
import { mainOf } from "../stack/main-host.ts";
import { observed } from "../facts/observed.ts";
import { shop } from "../stack/small-applications.ts";

const folder = join(import.meta.dirname, "examples");

describe.each(Object.entries(examples))("the plan '%s'", (name, plan) => {
  test("is a table that fits 120 columns when the engine indents it", async () => {
    const table = planTable(plan());
    await expect(`${table}\n`).toMatchFileSnapshot(join(folder, `${name}.txt`));
    expect(table.split("\n").filter((line) => line.length > 116)).toEqual([]);
  });

  test("is a note for a merge request", async () => {
    await expect(planMarkdown(plan())).toMatchFileSnapshot(join(folder, `${name}.md`));
  });
});

it("a long name of a resource has one line of the table, unless the other columns need the room", () => {
  const plan = printPlan(wholePlan(shop(), observed()), noPlain);
  const named = (resource: string): string[] => {
    const hosts = Object.entries(plan.hosts).map(([name, host]) => {
      const documents = host.documents.map((one) => (one.resource === "volume-rows" ? { ...one, resource } : one));
      return [name, { ...host, documents }] as const;
    });
    return planTable({ ...plan, hosts: Object.fromEntries(hosts) }).split("\n");
  };
  const long = `volume-${"x".repeat(25)}`;
  const longer = `${long}-longer`;
  const startsWith = (name: string): string[] => named(name).filter((line) => line.startsWith(`  ${name}  `));
  expect(startsWith(long)).toHaveLength(1);
  expect(startsWith(longer)).toEqual([]);
  expect([...named(long), ...named(longer)].filter((line) => line.length > 116)).toEqual([]);
});

describe("the networks of a stack on its server", () => {
  const { stack } = shop();
  const others = { name: "shop_other", stack: "", subnets: ["10.213.7.0/26"], project: "", guests: [] };
  const networks = [
    others,
    { name: "shop_default-calls", stack, subnets: ["10.213.0.64/26"], project: "", guests: [] },
    { name: "shop_default", stack, subnets: ["10.213.0.0/26", "fd00::/64"], project: "", guests: [] },
  ];
  const plan = printPlan(wholePlan(shop(), carriedOut(shop(), { networks })), noPlain);

  it("are in its table with their subnets", () => {
    expect(planTable(plan)).toContain(
      "\n\n  networks on the server:\n" +
        "                      shop_default 10.213.0.0/26 fd00::/64\n" +
        "                      shop_default-calls 10.213.0.64/26\n\n",
    );
  });

  it("are in its note", () => {
    expect(planMarkdown(plan)).toContain(
      "<details><summary>Networks on the server: 2</summary>\n\n" +
        "| Network | Subnets |\n| --- | --- |\n" +
        "| `shop_default` | `10.213.0.0/26, fd00::/64` |\n| `shop_default-calls` | `10.213.0.64/26` |\n\n</details>",
    );
  });
});

it("a note has foreign texts only in code, where they cannot mention a user or close a table", () => {
  const plan = examples["drift"]?.();
  if (plan === undefined) throw new Error("there is no such example");
  const wild = "`@all <b>|x ~label\n# head";
  const note = planMarkdown({
    ...plan,
    hosts: {
      main: {
        ...mainOf(plan.hosts),
        remarks: [{ where: wild, found: wild }],
        drift: [{ resource: wild, where: wild, expected: wild, found: wild }],
      },
    },
  });
  const outside = note.replaceAll(/`[^`\n]*`/g, "");
  expect(outside).not.toMatch(/@all|<b>|~label|# head/);
});

it("shows foreign names in tables, notes and drift with their control characters escaped (SEC-C3)", () => {
  const plan = examples["drift"]?.();
  if (plan === undefined) throw new Error("there is no such example");
  const wild = "conf/\u001b[2Jx\u009b\u202e\n  policy:\r";
  const host = {
    ...mainOf(plan.hosts),
    remarks: [{ where: wild, found: wild }],
    drift: [{ resource: "files", where: wild, expected: wild, found: wild }],
    services: [{ service: "api", move: "restarts" as const, reasons: [wild] }],
  };
  const hosts = { main: { ...host, address: wild } };
  const stack = { stack: wild, hosts };
  const texts = [
    planTable({ ...plan, ...stack, findings: [] }),
    planMarkdown({ ...plan, ...stack }),
    driftLines(driftReport(wild, hosts)).map(textOf).join("\n"),
  ];
  for (const text of texts) {
    expect(text).toContain(String.raw`conf/\u001b[2Jx\u009b\u202e`);
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(text).not.toMatch(/^ {2}policy:/m);
  }
});

it("a plan tells everything of the compose file that is different from Compose (F142, SEC-C3)", () => {
  const plan = examples["drift"]?.();
  if (plan === undefined) throw new Error("there is no such example");
  const told = { ...plan, notes: ["api: is published by the proxy", "web: \u001b[2J"] };
  const texts = [planTable(told), planMarkdown(told)];
  expect(texts[0]).toContain("different from Compose:\n                      api: is published by the proxy\n");
  expect(texts[1]).toContain("<summary>Different from Compose: 2</summary>");
  for (const text of texts) expect(text).toContain(String.raw`web: \u001b[2J`);
});

it("docs/plan.md shows a plan that the program prints", () => {
  const page = readFileSync(join(checkout, "docs", "plan.md"), "utf8");
  expect(page).toContain(readFileSync(join(folder, "new-release.txt"), "utf8"));
});
