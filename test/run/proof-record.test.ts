import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ProofRecord } from "./proof-record.ts";

/** A record in a file of its own; `changes` are the covered files that changed since, or are not committed. */
function record(changes: { readonly since?: string; readonly dirty?: string } = {}) {
  const file = join(mkdtempSync(join(tmpdir(), "slipway-proof-")), "proof.md");
  const answers = { status: changes.dirty ?? "", "rev-parse": "abc1234", diff: changes.since ?? "" };
  const proof = new ProofRecord(file, (word = "") => answers[word as keyof typeof answers]);
  return { proof, text: () => readFileSync(file, "utf8") };
}

const figures = { passed: 12, failed: 0, minutes: "3.4" };

it("keeps one line for each part, with its commit and figures", () => {
  const { proof, text } = record();
  proof.write("up", { ...figures, failed: 2 });
  proof.write("kills", figures);
  proof.write("up", figures);
  const lines = text()
    .split("\n")
    .filter((line) => line.includes("abc1234"));
  expect(lines).toEqual([
    expect.stringMatching(/^\| kills \| abc1234 \| \d{4}-\d\d-\d\d \| 12 +\| 0 +\| 3\.4 +\|$/),
    expect.stringMatching(/^\| up +\| abc1234 \| \d{4}-\d\d-\d\d \| 12 +\| 0 +\| 3\.4 +\|$/),
  ]);
});

it("tells a proof that holds from one that failed, is old, or never ran", () => {
  const { proof } = record();
  proof.write("up", figures);
  proof.write("kills", { ...figures, failed: 1 });
  expect(proof.states(["up", "kills", "data"])).toEqual([
    expect.stringMatching(/^up +passed at abc1234 on /),
    expect.stringMatching(/^kills +failed at abc1234 on /),
    expect.stringMatching(/^data +not run yet$/),
  ]);
  const changed = record({ since: "host/main.ts" });
  changed.proof.write("up", figures);
  expect(changed.proof.states(["up"])).toEqual([expect.stringMatching(/^up +old: passed at abc1234 on /)]);
});

it("does not count a run on files that are not committed", () => {
  const { proof } = record({ dirty: " M host/main.ts" });
  proof.write("up", figures);
  expect(proof.states(["up"])).toEqual([expect.stringContaining("not at a commit (abc1234 with changes)")]);
});
