import { expect, test } from "vitest";
import { describeProblem } from "../../../model/problem.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { ensureColoursAreRead } from "../../../model/stack/extension-names.ts";
import { deployment, service } from "./aaperture.ts";

const here = { aliases: [], fields: {} };
const skipped = "would be x-blue and x-green in the release's files, where Compose skips all that begins with 'x-'";

test("a release service called x is refused, and so is a network x that the release joins", () => {
  const services = [service("x", { networks: { back: here } }), service("web", { networks: { x: here } })];
  const released = { x: { release: true }, web: { release: true } };
  expect(ensureColoursAreRead(stackOf(deployment(services, released))).map(describeProblem)).toEqual([
    `compose.services.x: ${skipped}; choose another name, and give it the alias 'x' in its networks ` +
      "for those who call it",
    `compose.networks.x: ${skipped}; choose another name`,
  ]);
});

test("a shared service and its network may be called x", () => {
  const shared = stackOf(deployment([service("x", { networks: { x: here } })], {}));
  expect(ensureColoursAreRead(shared)).toEqual([]);
});
