import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { noteMarker } from "../../cli/gitlab/note.ts";
import { checkout } from "../../toolchain/paths.ts";

const example = (name: string): string => readFileSync(join(checkout, "docs/examples", name), "utf8");

test("the manual's examples are a note and reports as this program writes them", () => {
  const note = example("note.md");
  expect(note.startsWith(`${noteMarker("team/aaperture")}\n## What this merge request would change\n`)).toBe(true);
  const head = String.raw`: .*\n\n.*\n\n\`main.*\n`;
  expect(note).toMatch(new RegExp(`^### \`aaperture/production\`${head}offline: compared with the plan of`, "m"));
  expect(note).toMatch(new RegExp(`^### \`aaperture/staging\`${head}offline: compared with the plan of`, "m"));
  const counts = z.strictObject({ create: z.number(), update: z.number(), delete: z.number() });
  expect(counts.safeParse(JSON.parse(example("terraform.json"))).success).toBe(true);
  const link = z.strictObject({ external_link: z.strictObject({ label: z.string(), url: z.url() }) });
  expect(z.strictObject({ slipway: z.array(link).min(1) }).safeParse(JSON.parse(example("links.json"))).success).toBe(
    true,
  );
});
