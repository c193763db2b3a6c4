import type { Journal } from "../journal.ts";
import type { CommandInputs, CommandOptions, CommandSpecs, Connection } from "../programs/command/spec.ts";

/** The two resource types of @pulumi/command that slipway uses. */
export type Kind = "remote" | "local";

/** A command as the program first has it, and as it has it then; without inputs it is not in the program. */
type Life = readonly [first: CommandInputs | undefined, then: CommandInputs | undefined, options?: CommandOptions];

/** The program of one run: every life in its first or second form, as remote and as local command. */
export function form(number: 0 | 1, journal: Journal, connection: Connection): CommandSpecs {
  const specs: CommandSpecs = {};
  for (const kind of ["remote", "local"] as const)
    for (const [name, life] of Object.entries(lives(kind, journal))) {
      const inputs = life[number];
      if (inputs === undefined) continue;
      specs[`${kind}-${name}`] = { inputs, options: life[2] ?? {}, ...(kind === "remote" && { connection }) };
    }
  return specs;
}

type Lives = Record<string, Life>;

function lives(kind: Kind, journal: Journal): Lives {
  const notes = new Notes(kind, journal);
  return { ...changing(notes), ...ending(notes), ...reading(notes), ...talking(notes) };
}

/** Inputs whose commands note what they do in a file of that name. */
class Notes {
  readonly #kind: Kind;
  readonly #journal: Journal;

  constructor(kind: Kind, journal: Journal) {
    this.#kind = kind;
    this.#journal = journal;
  }

  /** Notes a word. */
  word(file: string, word: string): string {
    return this.#journal.note(`${this.#kind}-${file}`, word);
  }

  /** Notes a word and the standard input. */
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

/** What changes and stays in the program. */
function changing(notes: Notes): Lives {
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

/** What goes from the program or is replaced; the two of a renaming share a file, so that their order is seen. */
function ending(notes: Notes): Lives {
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

/** What reads its standard input. */
function reading(notes: Notes): Lives {
  return {
    "no-stdin": always({ create: notes.input("no-stdin", "create") }),
    "empty-stdin": always({ create: notes.input("empty-stdin", "create"), stdin: "" }),
    "large-stdin": always({ create: "wc -c", stdin: "0123456789abcdef".repeat(65536) }),
  };
}

/** What prints, and finds what it printed before. */
function talking(notes: Notes): Lives {
  // A remote command must read its input to the end: what is left over may fail it.
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

function twice(inputs: (stdin: string) => CommandInputs): Life {
  return [inputs("one"), inputs("two")];
}

function always(inputs: CommandInputs): Life {
  return [inputs, inputs];
}
