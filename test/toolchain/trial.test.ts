import { expect, test } from "vitest";
import { atLeast, versionIn } from "../../toolchain/trial.ts";

test.each([
  ["v3.259.0", "3.259.0"],
  ["go version go1.26.8 linux/amd64", "1.26.8"],
  ["postgres (PostgreSQL) 18.4", "18.4"],
  ["ShellCheck - shell script analysis tool\nversion: 0.9.0\n", "0.9.0"],
  ["no number", undefined],
])("the version in %j is %s", (text, version) => {
  expect(versionIn(text)).toBe(version);
});

test.each([
  ["3.259.0", "3.259.0", true],
  ["3.260.0", "3.259.0", true],
  ["4.0", "3.259.0", true],
  ["3.99.0", "3.259.0", false],
  ["3.259", "3.259.0", true],
  ["3.259", "3.259.1", false],
])("version %s satisfies the requirement of %s: %s", (version, required, satisfied) => {
  expect(atLeast(version, required)).toBe(satisfied);
});
