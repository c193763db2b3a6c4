import { describe, expect, it, test } from "vitest";
import { readPrintedPlan, type PrintedPlan } from "../../../model/report/printed-plan.ts";
import { examples } from "./example.ts";
import { mainOf } from "../stack/main-host.ts";

const plans = Object.entries(examples);

function drifted(): PrintedPlan {
  const plan = examples["drift"]?.();
  if (plan === undefined) throw new Error("there is no such example");
  return plan;
}

describe("a printed plan", () => {
  test.each(plans)("is read as it was printed: %s", (_, plan) => {
    expect(readPrintedPlan(JSON.stringify(plan()))).toEqual(plan());
  });

  it("is read although it has unknown fields", () => {
    expect(readPrintedPlan(JSON.stringify({ ...drifted(), weather: "fine" }))).toEqual(drifted());
  });

  test.each<[string, object]>([
    ["of another version", { version: 1 }],
    ["without a required field", { hosts: { main: { ...mainOf(drifted().hosts), services: undefined } } }],
    [
      "with an unknown impact",
      {
        hosts: {
          main: {
            ...mainOf(drifted().hosts),
            documents: [{ ...mainOf(drifted().hosts).documents[0], impact: "huge" }],
          },
        },
      },
    ],
  ])("rejects one %s", (_, fault) => {
    expect(readPrintedPlan(JSON.stringify({ ...drifted(), ...fault }))).toBeUndefined();
  });

  test.each(["{}", "no JSON", ""])("rejects %j", (text) => {
    expect(readPrintedPlan(text)).toBeUndefined();
  });
});
