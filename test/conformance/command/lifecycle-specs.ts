import type { Journal } from "../journal.ts";
import type { CommandInputs, CommandOptions, CommandSpecs, Connection } from "../programs/command/spec.ts";

/** The two resource types of @pulumi/command that slipway uses. */
export type Kind = "remote" | "local";

/** The inputs of a command in two versions of the program; undefined if the program does not contain it. */
type Versions = readonly [
  first: CommandInputs | undefined,
  second: CommandInputs | undefined,
  options?: CommandOptions,
];

/** All commands in one version of the program, each as a remote and as a local command. */
export function specsOf(version: "first" | "second", journal: Journal, connection: Connection): CommandSpecs {
  const specs: CommandSpecs = {};
  for (const kind of ["remote", "local"] as const)
    for (const [name, [first, second, options = {}]] of Object.entries(allCommands(kind, journal))) {
      const inputs = version === "first" ? first : second;
      if (inputs === undefined) continue;
      specs[`${kind}-${name}`] = { inputs, options, ...(kind === "remote" && { connection }) };
    }
  return specs;
}

type Commands = Record<string, Versions>;

function allCommands(kind: Kind, journal: Journal): Commands {
  const notes = new LoggingInputs(kind, journal);
  return { ...changing(notes), ...ending(notes), ...reading(notes), ...printing(notes) };
}

/** Makes inputs whose commands log to a file of the journal. */
class LoggingInputs {
  readonly #kind: Kind;
  readonly #journal: Journal;

  constructor(kind: Kind, journal: Journal) {
    this.#kind = kind;
    this.#journal = journal;
  }

  /** Logs a word. */
  word(file: string, word: string): string {
    return this.#journal.note(`${this.#kind}-${file}`, word);
  }

  /** Logs a word and the standard input. */
  input(file: string, word: string): string {
    return this.#journal.noteInput(`${this.#kind}-${file}`, word);
  }

  create(file: string) {
    return { create: this.word(file, "create") };
  }

  delete(file: string) {
    return { delete: this.word(file, "delete") };
  }

  all(file: string) {
    return { ...this.create(file), update: this.word(file, "update"), ...this.delete(file) };
  }

  reading(file: string, stdin: string) {
    const commands = { create: this.input(file, "create"), update: this.input(file, "update") };
    return { ...commands, delete: this.input(file, "delete"), stdin };
  }
}

/** Commands that are in both versions of the program. */
function changing(notes: LoggingInputs): Commands {
  return {
    unchanged: [notes.all("unchanged"), notes.all("unchanged")],
    "other-stdin": [notes.reading("other-stdin", "one"), notes.reading("other-stdin", "two")],
    "other-create": [notes.create("other-create"), { create: notes.word("other-create", "new create") }],
    "other-delete": [
      notes.all("other-delete"),
      { ...notes.all("other-delete"), delete: notes.word("other-delete", "new delete") },
    ],
    "other-logging": [notes.all("other-logging"), { ...notes.all("other-logging"), logging: "none" }],
    "without-update": [
      notes.all("without-update"),
      { ...notes.create("without-update"), ...notes.delete("without-update") },
    ],
    "without-create": twice((stdin) => ({
      update: notes.input("without-create", "update"),
      delete: notes.input("without-create", "delete"),
      stdin,
    })),
    "only-delete": twice((stdin) => ({ delete: notes.input("only-delete", "delete"), stdin })),
  };
}

/** Commands that are removed, renamed or replaced. The two names of the renamed one share a file, to show the order. */
function ending(notes: LoggingInputs): Commands {
  return {
    removed: [notes.reading("removed", "last words"), undefined],
    "without-delete": [notes.create("without-delete"), undefined],
    retained: [notes.all("retained"), undefined, { retainOnDelete: true }],
    "old-name": [notes.reading("renamed", "old"), undefined],
    "new-name": [undefined, notes.reading("renamed", "new")],
    replaced: [notes.all("replaced"), notes.all("replaced")],
    "deleted-first": [notes.all("deleted-first"), notes.all("deleted-first"), { deleteBeforeReplace: true }],
  };
}

/** Commands that read their standard input. */
function reading(notes: LoggingInputs): Commands {
  return {
    "no-stdin": always({ create: notes.input("no-stdin", "create") }),
    "empty-stdin": always({ create: notes.input("empty-stdin", "create"), stdin: "" }),
    "large-stdin": always({ create: "wc -c", stdin: "0123456789abcdef".repeat(65536) }),
  };
}

/** Commands that print, and use their previous output. */
function printing(notes: LoggingInputs): Commands {
  // A remote command must read its input to the end; otherwise it may fail.
  const reads = "cat > /dev/null; ";
  const previous = reads + notes.word("previous", '"[$PULUMI_COMMAND_STDOUT] [$PULUMI_COMMAND_STDERR]"');
  const without = reads + notes.word("without-previous", '"[$PULUMI_COMMAND_STDOUT]"');
  return {
    previous: twice((stdin) => ({
      create: `${reads}echo out; echo err >&2`,
      update: previous,
      delete: previous,
      stdin,
    })),
    "without-previous": twice((stdin) => ({
      create: `${reads}echo out`,
      update: without,
      addPreviousOutputInEnv: false,
      stdin,
    })),
    output: always({ create: "printf 'é\\n\\n'; printf 'warning\\n' >&2" }),
  };
}

function twice(inputs: (stdin: string) => CommandInputs): Versions {
  return [inputs("one"), inputs("two")];
}

function always(inputs: CommandInputs): Versions {
  return [inputs, inputs];
}
