import { expect, test } from "vitest";
import { printable, printableLines } from "../../model/printable.ts";

const hostile = "a\u001b[2J\u001b]0;title\u0007b\u009b31m\u202ec\u200f\u2028d\r\u0000\u007f";
const escaped = String.raw`a\u001b[2J\u001b]0;title\u0007b\u009b31m\u202ec\u200f\u2028d\r\u0000\u007f`;

test("a foreign text is shown in one line, with its control characters escaped (SEC-C3)", () => {
  expect(printable(`${hostile}\n\t`)).toBe(String.raw`${escaped}\n\t`);
  expect(printable("größer → 名前 👍🏽")).toBe("größer → 名前 👍🏽");
});

test("a foreign text holds no mark of Pulumi's engine, which crashes on one that it does not know", () => {
  expect(printable("<{%fg 1%}>a<{%none%}> {% if b %} <{ %")).toBe(
    String.raw`<\u007b%fg 1%}>a<\u007b%none%}> {% if b %} <{ %`,
  );
  const json = JSON.stringify({ name: "<{%fg 1%}>" });
  expect(JSON.parse(printableLines(json))).toEqual(JSON.parse(json));
});

test("a text of several lines keeps its lines and tabs, and the same JSON (SEC-C3)", () => {
  expect(printableLines(`${hostile}\n\tx`)).toBe(`${escaped}\n\tx`);
  const json = JSON.stringify({ name: "a\u009b\u202e\u007f" }, undefined, 2);
  expect(printableLines(json)).not.toContain("\u009b");
  expect(JSON.parse(printableLines(json))).toEqual(JSON.parse(json));
});
