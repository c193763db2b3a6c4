import { describe, expect, it } from "vitest";
import { fillTemplate, mentionsOf, parseTemplate } from "../../../model/compose/template.ts";

const variables: Readonly<Record<string, string>> = { SET: "value", EMPTY: "", A_1: "a" };

function fill(text: string): string {
  const template = parseTemplate(text);
  if (template === undefined) return "refused";
  const filled = fillTemplate(template, (name) => variables[name]);
  return "text" in filled ? filled.text : `! ${filled.reason}`;
}

describe("a text with variables", () => {
  it.each([
    ["plain", "plain"],
    ["$SET", "value"],
    ["${SET}", "value"],
    ["x${SET}y$A_1-z", "xvalueya-z"],
    ["${SET:-default}", "value"],
    ["${EMPTY:-default}", "default"],
    ["${EMPTY-default}", ""],
    ["${UNSET:-default}", "default"],
    ["${UNSET-default}", "default"],
    ["${UNSET:-}", ""],
    ["${UNSET:-${SET}}", "value"],
    ["${UNSET:-${OTHER:-a}-${SET}}", "a-value"],
    ["${UNSET:-a:b?c+d}", "a:b?c+d"],
    ["${SET:?must be}", "value"],
    ["${SET?must be}", "value"],
    ["${EMPTY?must be}", ""],
    ["${EMPTY:?must be}", "! needs the variable EMPTY, which is empty (must be)"],
    ["${UNSET?must be}", "! needs the variable UNSET, which is not set (must be)"],
    ["${UNSET:?}", "! needs the variable UNSET, which is not set"],
    ["${SET:+there}", "there"],
    ["${SET+there}", "there"],
    ["${EMPTY:+there}", ""],
    ["${EMPTY+there}", "there"],
    ["${UNSET:+there}", ""],
    ["${UNSET+there}", ""],
    ["$$SET", "$SET"],
    ["$${SET}", "${SET}"],
    ["$$$SET", "$value"],
    ["${UNSET:-$$}", "$"],
    ["$UNSET", "! needs the variable UNSET, which is not set"],
    ["${UNSET}", "! needs the variable UNSET, which is not set"],
    ["}", "}"],
    ["$", "$"],
    ["^ok$|a$ b", "^ok$|a$ b"],
    ["$1", "$1"],
    ["${UNSET:-{a}}", "{a}"],
    ["${UNSET:-a{b}c}", "a{b}c"],
    ["{{ $SET }}", "{{ value }}"],
  ])("fills %s as Compose does", (text, filled) => {
    expect(fill(text)).toBe(filled);
  });

  it.each(["${", "${}", "${SET", "${SET:-", "${SET:x}", "${1}", "${SET!}", "${UNSET:-${SET}"])(
    "rejects %s, as Compose does",
    (text) => expect(fill(text)).toBe("refused"),
  );

  it("lists its variables and those without a default", () => {
    const template = parseTemplate("${A}-$B-${C:-${D}}-${E:+${F}}-${G:?${H}}-$$I") ?? [];
    expect(mentionsOf(template)).toEqual([
      { name: "A", needed: true },
      { name: "B", needed: true },
      { name: "C", needed: false },
      { name: "D", needed: false },
      { name: "E", needed: false },
      { name: "F", needed: false },
      { name: "G", needed: true },
    ]);
  });
});
