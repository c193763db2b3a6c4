import { nearest } from "../model/guess.ts";
import type { Line } from "../model/report/tone.ts";
import { commonOptions, type Declaration, type Option, type Options } from "./declaration/declaration.ts";

const heading = (text: string): Line => [{ tone: "heading", text }];

/** Lists all commands. */
export function overview(commands: readonly Declaration[]): readonly Line[] {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "usage: slipway [-C <folder>] [--stack <stack>] <command> [options]",
    "",
    ...commands.map(({ name, summary }): Line => {
      return [
        { tone: "heading", text: `  ${name.padEnd(width)}` },
        { tone: "plain", text: `  ${summary}` },
      ];
    }),
    "",
    ...optionLines({ ...commonOptions, version: { type: "boolean", summary: "prints slipway's version" } }),
    "",
    "`slipway help <command>` explains a command, with examples.",
  ];
}

/** Explains one command. */
export function commandHelp(command: Declaration): readonly Line[] {
  const { summary, details, examples, options, pulumi } = command;
  return [
    `usage: ${usageOf(command)}`,
    "",
    `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`,
    ...section("options", optionLines(options)),
    ...(pulumi === undefined
      ? []
      : section(
          `options of \`pulumi ${pulumi.command}\` (all others are passed on as well)`,
          optionLines(pulumi.options),
        )),
    ...section("details", details),
    ...section(
      examples.length === 1 ? "example" : "examples",
      examples.map((line) => `$ ${line}`),
    ),
  ];
}

/** Lists the commands whose names begin with a word, such as `env`. */
export function familyHelp(commands: readonly Declaration[]): readonly Line[] {
  return commands.flatMap((command) => [`slipway ${command.name}`, `  ${command.summary}`]);
}

/** The form of a command line. */
export function usageOf({ name, stack, options, words, pulumi }: Declaration): string {
  const forms = { none: [], one: ["[--stack <stack>]"], required: ["--stack <stack>"], many: ["[--stack <stack>]…"] };
  const own = Object.keys(options).length === 0 && pulumi === undefined ? [] : ["[options]"];
  return ["slipway", name, ...forms[stack], ...own, ...(words === undefined ? [] : [words.form])].join(" ");
}

/** An option as the help writes it, such as `-s, --stack <stack>`. */
export function optionForm(name: string, { short, value }: Option): string {
  return `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
}

function section(title: string, lines: readonly Line[]): readonly Line[] {
  if (lines.length === 0) return [];
  return ["", heading(`${title}:`), ...lines.map((line) => (typeof line === "string" ? `  ${line}` : line))];
}

function optionLines(options: Options): string[] {
  const rows = Object.entries(options).map(([name, option]) => {
    return { form: `${option.short === undefined ? "    " : ""}${optionForm(name, option)}`, option };
  });
  const width = Math.max(...rows.map(({ form }) => form.length));
  return rows.map(({ form, option }) => {
    return `${form.padEnd(width)}  ${option.summary}`;
  });
}

/** Advice for a command that does not exist: the name that was probably meant, or where all are listed. */
export function adviceFor(words: readonly string[], names: readonly string[]): string {
  const near = nearest(words.slice(0, 2).join(" "), names) ?? nearest(words[0] ?? "", names);
  return near === undefined ? "`slipway help` lists all commands" : `did you mean '${near}'`;
}
