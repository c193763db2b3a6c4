import { describe, expect, it } from "vitest";
import { Mask } from "../../host/mask.ts";
import { writeEnvFile } from "../../model/stack/env/env-file.ts";
import { secretForms } from "../real/secrets/secret-forms.ts";

/** The text that remains of a log, with these values in the env file. */
function masked(values: readonly string[], log: string): string {
  const mask = new Mask();
  mask.learnEnvFile(writeEnvFile(values.map((value, index) => ({ name: `NAME_${index}`, value }))));
  return mask.text(log);
}

const longest = "some-one-else";
const nested = Array.from({ length: longest.length - 3 }, (_, index) => longest.slice(0, index + 4));

describe("a log that is shown", () => {
  it.each([
    { what: "a plain value", values: ["canary"], log: "with canary in it", shown: "with *** in it" },
    { what: "letters that mean something to a shell", values: ['a$b "*\\n?'], log: '=a$b "*\\n?=', shown: "=***=" },
    { what: "each line of a long value", values: ["first line\nsecond line"], log: "second line!", shown: "***!" },
    { what: "a line that ends in CR LF without its CR", values: ["canary\r\nlast"], log: "canary!", shown: "***!" },
    { what: "a value within a longer one", values: nested, log: `${longest} some`, shown: "*** ***" },
    { what: "no value too short to be a secret", values: ["80"], log: "port 80", shown: "port 80" },
  ])("hides $what", ({ values, log, shown }) => {
    expect(masked(values, log)).toBe(shown);
  });

  it("hides a value in every form in which programs print one: quoted, escaped, in URLs and encoded (F112)", () => {
    const odd = "ca\"na'ry $&/+\\ é(1) value";
    const forms = [odd, "plain-canary-77"].flatMap(secretForms);
    expect(masked([odd, "plain-canary-77"], forms.map((form) => `<${form}>\n`).join(""))).toBe(
      "<***>\n".repeat(forms.length),
    );
  });

  it.each(["canary=of=the=file", '"canary in quotes"', "-----BEGIN KEY-----\nTUlJRWNhbmFyeQ==\n"])(
    "hides a secret that is a file of its own as it is (E9): %j",
    (value) => {
      const mask = new Mask();
      mask.learn(value);
      const lines = value.split("\n").filter((line) => line !== "");
      expect(lines.map((line) => mask.text(`<${line}>`))).toEqual(lines.map(() => "<***>"));
    },
  );

  it.each([
    ["PHP", String.raw`"ab\/cd+e&f<g>\u00e9"`],
    ["Python", String.raw`"ab/cd+e&f<g>\u00e9"`],
    ["Go", String.raw`"ab/cd+e\u0026f\u003cg\u003eé"`],
    ["JavaScript", String.raw`"ab\/cd+e&f<g>é"`],
    ["HTML", "ab/cd+e&amp;f&lt;g&gt;é"],
  ])("hides a value as %s writes it into JSON or a page (F112)", (_program, log) => {
    expect(masked(["ab/cd+e&f<g>é"], log).replaceAll('"', "")).toBe("***");
  });

  it("hides the value that a container was made with, but not what its compose file says (F111)", () => {
    const mask = new Mask();
    const environment = [
      "TOKEN=canary-old",
      String.raw`KEY="quoted\n"`,
      "LONG=first\nsecond=line",
      "PORT=80",
      "LEVEL=info",
    ];
    mask.learnEnvironment(environment, "environment: { LEVEL: info }\n");
    expect(mask.text(String.raw`canary-old "quoted\n" second=line line PORT 80 info`)).toBe(
      "*** *** *** *** PORT 80 info",
    );
  });

  it("hides a whole line where a short secret is a word of its own, and no harmless one (F114)", () => {
    const mask = new Mask();
    mask.learnEnvFile('PIN="a7"\nPORT="80"\nDEBUG="on"\n');
    mask.learn("42");
    expect(mask.text("pin=a7\nba7x 80 on\nand 42\n142")).toBe("***\nba7x 80 on\n***\n142");
    expect(mask.hidesLines).toBe(true);
  });

  it("shows what is known to be plain in containers, unless it is a secret as well", () => {
    const mask = new Mask();
    mask.allowEnvFile('DB="shop-db"\nUSER="canary-both"\nNOTE="first\\nsecond"\nEMPTY=""');
    mask.learn("canary-both");
    mask.learnEnvironment(["NAME=shop-db", "USER=canary-both", "NOTE=first\nsecond", "KEY=canary=first\nx=second"], "");
    expect(mask.text("shop-db canary-both first second canary=first")).toBe("shop-db *** first *** ***");
    expect(mask.text("NAME=shop-db")).toBe("NAME=shop-db");
  });

  it("hides what it learns after it hid something, and all of a value that the end of a shown start cuts", () => {
    const mask = new Mask();
    mask.learn("canary-1");
    expect(mask.text("canary-1 canary-2")).toBe("*** canary-2");
    mask.learn("canary-2");
    expect(mask.text("canary-1 canary-2")).toBe("*** ***");
    const starts = Array.from({ length: 60 }, (_, most) => mask.start("canary-1".repeat(50), most));
    expect(starts.filter((start) => /[^*]/.test(start))).toEqual([]);
    expect(mask.start(`plain ${"x".repeat(400)}`, 7)).toBe("plain x");
  });

  it("rejects containers with more values than can be hidden in time", () => {
    const mask = new Mask();
    const environment = Array.from({ length: 600 }, (_, index) => `NAME_${index}=value-${index}`);
    mask.learnEnvironment(environment, "");
    expect(() => mask.learnEnvironment(environment, "")).toThrow("containers have more than 1000 values");
  });

  it("hides a value that would be a costly regular expression", () => {
    const mask = new Mask();
    mask.learn("(a+)+$");
    expect(mask.text(`${"a".repeat(100_000)} (a+)+$`).endsWith("a ***")).toBe(true);
  });
});
