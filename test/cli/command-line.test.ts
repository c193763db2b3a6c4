import { describe, expect, test } from "vitest";
import { readCommandLine } from "../../cli/command-line.ts";

const read = (line: string) => readCommandLine(line === "" ? [] : line.split(" "), "/home/me");

describe("a command line", () => {
  test("passes on to Pulumi what slipway does not know", () => {
    expect(read("up --yes --target a -m note").words).toEqual(["up", "--yes", "--target", "a", "-m", "note"]);
  });

  test.each(["-C infra up", "up -C infra", "up --cwd infra", "up --cwd=infra", "--cwd=/home/me/infra up"])(
    "names the project's folder as Pulumi does: %s",
    (line) => {
      expect(read(line)).toEqual({
        folder: "/home/me/infra",
        stack: undefined,
        stacks: [],
        help: false,
        words: ["up"],
      });
    },
  );

  test.each(["-s dev up", "up -s dev", "up -sdev", "up --stack dev", "--stack=dev up"])(
    "names the stack as Pulumi does: %s",
    (line) => {
      expect(read(line)).toEqual({ folder: "/home/me", stack: "dev", stacks: ["dev"], help: false, words: ["up"] });
    },
  );

  test.each(["up --help", "up -h", "--help up"])("asks for help: %s", (line) => {
    expect(read(line)).toMatchObject({ help: true, words: ["up"] });
  });

  test.each([
    ["up --stack", "--stack: has no value; write it as --stack <stack>"],
    ["up -C", "-C: has no value; write it as -C <folder>"],
    ["up --stack=", "--stack: has no value; write it as --stack <stack>"],
  ])("rejects an option without its value: %s", (line, message) => {
    expect(() => read(line)).toThrow(message);
  });
});
