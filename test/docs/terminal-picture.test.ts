import { join } from "node:path";
import { expect, test } from "vitest";
import { planLines } from "../../model/report/table.ts";
import { checkout } from "../../toolchain/paths.ts";
import { examples } from "../model/report/example.ts";
import { terminalPicture } from "./terminal-picture.ts";

test("the README's picture shows the plan of a new release as a terminal does", async () => {
  const plan = examples["new-release"]?.();
  if (plan === undefined) throw new Error("there is no example of a new release");
  const lines = planLines(plan);
  const end = lines.findIndex((line) => JSON.stringify(line).includes("images that run"));
  const shown = lines.slice(0, end - 1);
  const picture = terminalPicture("slipway plan --stack staging", shown);
  await expect(picture).toMatchFileSnapshot(join(checkout, "docs", "plan.svg"));
});
