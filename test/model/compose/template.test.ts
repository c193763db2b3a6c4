import { describe, expect, it } from "vitest";
import { fillSome, fillTemplate, mentionsOf, parseTemplate, splitTemplate } from "../../../model/compose/template.ts";

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

describe("a text of which some variables are known", () => {
  it.each([
    ["${SET} $OTHER $$x", "value ${OTHER} $$x"],
    ["${OTHER:-${SET}}", "${OTHER:-value}"],
    ["${SET:-${OTHER}}", "value"],
    ["${EMPTY:-${OTHER}}", "${OTHER}"],
    ["${SET:+${OTHER}}${EMPTY:+x}", "${OTHER}"],
    ["${EMPTY:?say}", "${EMPTY:?say}"],
    ["${", "${"],
  ])("becomes of %s: %s", (text, filled) => {
    expect(fillSome(text, (name) => variables[name])).toBe(filled);
  });

  it("cannot be written where a value would close the braces around it", () => {
    expect(fillSome("${OTHER:-${V}}", () => undefined)).toBe("${OTHER:-${V}}");
    expect(fillSome("${OTHER:-${V}}", (name) => (name === "V" ? "}" : undefined))).toBeUndefined();
    expect(fillSome("a${V}", () => "$}")).toBe("a$$}");
  });
});

describe("a list item with variables", () => {
  it.each([
    ["A=${B:-c=d}", ["A", "${B:-c=d}"]],
    ["a.${B-c=d}.e=f=g", ["a.${B-c=d}.e", "f=g"]],
    ["a$$b=", ["a$$b", ""]],
    ["${B}", ["${B}"]],
    ["${B", ["${B"]],
  ])("is split at its own sign: %s", (text, parts) => {
    expect(splitTemplate(text, "=")).toEqual(parts);
  });
});
