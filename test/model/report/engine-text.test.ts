import { expect, test } from "vitest";
import { engineText } from "../../../model/report/engine-text.ts";

test("a message of Pulumi has marks for its colours, and none of a foreign text", () => {
  const line = [
    { tone: "plain", text: "  " },
    { tone: "added", text: "api <{%fg 1%}>" },
    { tone: "heading", text: "  " },
  ] as const;
  expect(engineText(["<{%bold%}>", line])).toBe(String.raw`<\u007b%bold%}>
  <{%fg 2%}>api <\u007b%fg 1%}><{%reset%}>  `);
});
