import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeEnvFile } from "../../../model/stack/env/env-file.ts";
import { readEnvDocument } from "../../../secrets/source/env-document.ts";

const read = (text: string) => readEnvDocument("doc", Buffer.from(text));
const values = (text: string): [string, string][] => read(text).variables.map(({ name, value }) => [name, value]);
const faults = (text: string): string[] => read(text).problems.map(({ path, what }) => `${path}: ${what}`);

describe("an env document", () => {
  it.each<[string, string, [string, string][]]>([
    [
      "lines",
      "A=1\nB=2\n",
      [
        ["A", "1"],
        ["B", "2"],
      ],
    ],
    [
      "comments, blank lines and exports",
      "# a\n\nexport A=1 # b\n  B = x#y \n",
      [
        ["A", "1"],
        ["B", "x#y"],
      ],
    ],
    [
      "dollar signs, which stay what they are",
      'A=$B\nB="$$x"\nC=${D}\n',
      [
        ["A", "$B"],
        ["B", "$$x"],
        ["C", "${D}"],
      ],
    ],
    [
      "quotes",
      'A="a \\"b\\" \\n\\t\\$"\nB=\'a \\n $\'\n',
      [
        ["A", 'a "b" \n\t$'],
        ["B", "a \\n $"],
      ],
    ],
    [
      "values of many lines",
      'A="1\n2\n3" # c\nB=4\n',
      [
        ["A", "1\n2\n3"],
        ["B", "4"],
      ],
    ],
    [
      "line ends of Windows and a byte order mark",
      '\ufeffA=1\r\nB="2"\r\n',
      [
        ["A", "1"],
        ["B", "2"],
      ],
    ],
    ["no last line end, and nothing at all", "A=", [["A", ""]]],
    [
      "a JSON object of texts, numbers and truth values",
      '{"A":"x\\ny","B":1,"C":true}',
      [
        ["A", "x\ny"],
        ["B", "1"],
        ["C", "true"],
      ],
    ],
  ])("may hold %s", (_, text, expected) => {
    expect(faults(text)).toEqual([]);
    expect(values(text)).toEqual(expected);
  });

  it("gives back the values that slipway's own writer wrote", () => {
    const value = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"));
    const some = fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,12}$/), value }), {
      selector: ({ name }) => name,
    });
    fc.assert(
      fc.property(some, (variables) => {
        expect(values(writeEnvFile(variables))).toEqual(variables.map((variable) => [variable.name, variable.value]));
      }),
    );
  });

  it("knows the line of a variable after a multi-line value", () => {
    expect(read('A="1\n2"\n\nB=3\n').variables.map(({ place }) => place)).toEqual(["doc:1", "doc:4"]);
  });

  it.each<[string, string, string[]]>([
    ["a name there twice", "A=canary\nA=canary\n", ["doc:2: A is already defined at doc:1"]],
    ["a line without a sign", "canary\n", ["doc:1: is neither `NAME=value` nor a comment"]],
    ["base64 without a name", "Y2FuYXJ5Y2FuYXJ5Mg==\n", ["doc:1: is neither `NAME=value` nor a comment"]],
    ["base64 with one sign", "Y2FuYXJ5Y2FuYXJ5MjM=\n", ["doc:1: is neither `NAME=value` nor a comment"]],
    [
      "a name that no shell takes",
      "A-B C=canary\n1A=canary\n",
      ['doc:1: has an invalid variable name, got "A-B C"', 'doc:2: has an invalid variable name, got "1A"'],
    ],
    ["a quote that does not end", 'A="canary\nB=1\n', ["doc:1: A has an opening quote and no closing one"]],
    ["words behind a quote", 'A="canary" b\n', ["doc:1: A has an opening quote and no closing one"]],
    [
      "marks of a merge",
      "<<<<<<< HEAD\nA=1\n=======\n>>>>>>> x\n",
      [1, 3, 4].map((line) => `doc:${line}: is a conflict marker of git`),
    ],
    ["a nested JSON object", '{"A":{"B":"canary"},"C":null}', ["doc: A: is not a text", "doc: C: is not a text"]],
    ["broken JSON", '{"A":"canary"', ["doc: is not a JSON object"]],
  ])("rejects %s without its values", (_, text, expected) => {
    expect(faults(text)).toEqual(expected);
    expect(JSON.stringify(read(text).problems)).not.toContain("anary");
  });

  it("rejects bytes that are not text", () => {
    expect(readEnvDocument("doc", Buffer.from([65, 61, 255])).problems).toMatchObject([{ what: "is not UTF-8 text" }]);
  });
});
