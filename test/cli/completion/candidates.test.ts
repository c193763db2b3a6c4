import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { candidates } from "../../../cli/completion/candidates.ts";
import { declarations } from "../../../cli/declaration/declarations.ts";
import { ProjectWithImages } from "../commands/project-with-images.ts";

let project: ProjectWithImages;

beforeAll(() => {
  const compose = "services: { web: { image: web }, worker: { image: web }, db: { image: postgres } }\n";
  project = new ProjectWithImages(compose, { dev: "", prod: "" });
  project.write("Pulumi.$(touch hostile).yaml", "config: {}\n");
  project.write("broken/Pulumi.yaml", "name: [");
});
afterAll(() => project.remove());

/** The words that the last one of a line can become; `|` stands between words. */
async function offered(line: string): Promise<string> {
  const found = await candidates(line.split("|"), { folder: project.folder, environment: {} });
  return found.map(({ word }) => word).join(" ");
}

const names = [...new Set(declarations.map(({ name }) => name.split(" ")[0]))].join(" ");

test.each([
  ["", `${names} help`],
  ["l", "lock logs"],
  ["env|", "check init from-ci"],
  ["help|e", "exec env"],
  ["help|env|c", "check"],
  ["-C|broken|help|host|", "prepare check"],
  ["--v", "--version"],
  ["nothing", ""],
])("a line '%s' can become a command: %s", async (line, words) => {
  expect(await offered(line)).toBe(words);
});

describe("an option", () => {
  it.each([
    ["lock|--", "--cwd --help --check --update --json"],
    ["lock|--check|--", "--cwd --help --update --json"],
    ["release|--image|web=1|--im", "--image"],
    ["up|--", "--yes --diff --message --target --json --cwd --stack --help --plan"],
    ["up|--sta", "--stack"],
    ["up|-m|--x|--sta", "--stack"],
    ["--", "--cwd --stack --help --version"],
    ["up|--|--", ""],
  ])("is offered where the line can have it: %s", async (line, words) => {
    expect(await offered(line)).toBe(words);
  });
});

describe("a value", () => {
  it.each([
    ["up|--stack|", "dev prod"],
    ["-s|p", "prod"],
    ["up|--stack=", "--stack=dev --stack=prod"],
    ["up|--stack|=", "dev prod"],
    ["up|--stack|=|p", "prod"],
    ["up|--stack|=|dev|--di", "--diff"],
    ["lock|--update|w", "web worker"],
    ["release|--image|w", "web= worker="],
    ["release|--image|web|=|1", ""],
    ["lock|--update|x|=|w", ""],
    ["lock|--update|x|=|y|w", "web worker"],
    ["release|--image|web|=|1|--comm", "--commit"],
    ["gitlab|deploy|--held|", "true false"],
    ["completion|", "bash zsh fish"],
    ["render|--out|", ":folder"],
    ["plan|--save|x", ":file"],
    ["plan|--message|", ""],
  ])("is offered for its option or command: %s", async (line, words) => {
    expect(await offered(line)).toBe(words);
  });

  it("is not offered where the project cannot be read, and nothing fails", async () => {
    expect(await offered("-C|broken|up|--stack|")).toBe("");
    expect(await offered("-C|/nowhere|lock|--update|")).toBe("");
  });
});
