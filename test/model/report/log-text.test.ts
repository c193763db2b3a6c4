import { describe, expect, it } from "vitest";
import { logText } from "../../../model/report/log-text.ts";

describe("a line of a log", () => {
  it.each([
    ["keeps its colours on a terminal, up to its end", "\x1b[31mred\x1b[0m x", true, "\x1b[31mred\x1b[0m x\x1b[0m"],
    ["loses its colours elsewhere", "\x1b[1;31mred\x1b[0m x", false, "red x"],
    [
      "moves no cursor, rings no bell and sets no title",
      "a\x1b[2Jb\x07c\x1b]0;d\x07",
      true,
      "a\\u001b[2Jb\\u0007c\\u001b]0;d\\u0007",
    ],
    ["shows a carriage return, and no other line", "a\rb\nc", false, "a\\rb\\nc"],
    ["keeps tabs and other letters", "a\tö漢", true, "a\tö漢"],
  ])("%s", (_title, text, colours, shown) => {
    expect(logText(text, colours)).toBe(shown);
  });
});
