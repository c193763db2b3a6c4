import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { quoteWords } from "../../model/shell.ts";

it.each([
  [["docker", "compose", "up", "-d"], "docker compose up -d"],
  [["a b", "it's", "$HOME", ""], "'a b' 'it'\\''s' '$HOME' ''"],
])("quotes %j only where needed", (words, line) => {
  expect(quoteWords(words)).toBe(line);
});

it("gives a shell the same words, whatever they contain (F21)", () => {
  const word = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\0", ""));
  const lists = fc.sample(fc.array(word, { minLength: 1, maxLength: 6 }), 500);
  lists.push(["new\nline", "tab\t", "--", "-n", "\\", "!", "`id`", "$(id)", "~", "*"]);
  const script = lists.map((words) => `printf '%s\\0' ${quoteWords(words)}`).join("\n");
  const seen = execFileSync("sh", ["-s"], { input: script, encoding: "utf8" }).split("\0").slice(0, -1);
  expect(seen).toEqual(lists.flat());
});
