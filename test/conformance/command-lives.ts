import type { Journal } from "./journal.ts";
import type { CommandInputs, CommandOptions, CommandSpecs, Connection } from "./programs/command-spec.ts";

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

/** Each command notes what it does in a file with its own name; the two of a renaming share one, so that their order is seen. */
function lives(kind: Kind, journal: Journal): Record<string, Life> {
  const note = (file: string, word: string) => journal.note(`${kind}-${file}`, word);
  const input = (file: string, word: string) => journal.noteInput(`${kind}-${file}`, word);
  const creating = (file: string) => ({ create: note(file, "create") });
  const updating = (file: string) => ({ update: note(file, "update") });
  const deleting = (file: string) => ({ delete: note(file, "delete") });
  const all = (file: string) => ({ ...creating(file), ...updating(file), ...deleting(file) });
  const reading = (file: string) => ({
    create: input(file, "create"),
    update: input(file, "update"),
    delete: input(file, "delete"),
  });
  // A remote command must read its input to the end: what is left over may fail it.
  const reads = "cat > /dev/null; ";
  const previous = reads + note("previous", '"[$PULUMI_COMMAND_STDOUT] [$PULUMI_COMMAND_STDERR]"');
  const talking = { create: `${reads}echo out; echo err >&2`, update: previous, delete: previous };
  const ignoring = {
    create: `${reads}echo out`,
    update: reads + note("without-previous", '"[$PULUMI_COMMAND_STDOUT]"'),
    addPreviousOutputInEnv: false,
  };
  return {
    unchanged: [all("unchanged"), all("unchanged")],
    "other-stdin": [
      { ...reading("other-stdin"), stdin: "one" },
      { ...reading("other-stdin"), stdin: "two" },
    ],
    "other-create": [creating("other-create"), { create: note("other-create", "new create") }],
    "other-delete": [all("other-delete"), { ...all("other-delete"), delete: note("other-delete", "new delete") }],
    "other-logging": [all("other-logging"), { ...all("other-logging"), logging: "none" }],
    "without-update": [all("without-update"), { ...creating("without-update"), ...deleting("without-update") }],
    "without-create": [
      { update: input("without-create", "update"), delete: input("without-create", "delete"), stdin: "one" },
      { update: input("without-create", "update"), delete: input("without-create", "delete"), stdin: "two" },
    ],
    "only-delete": [
      { delete: input("only-delete", "delete"), stdin: "one" },
      { delete: input("only-delete", "delete"), stdin: "two" },
    ],
    removed: [{ ...reading("removed"), stdin: "last words" }, undefined],
    "without-delete": [creating("without-delete"), undefined],
    retained: [all("retained"), undefined, { retainOnDelete: true }],
    "old-name": [{ ...reading("renamed"), stdin: "old" }, undefined],
    "new-name": [undefined, { ...reading("renamed"), stdin: "new" }],
    replaced: [all("replaced"), all("replaced")],
    "deleted-first": [all("deleted-first"), all("deleted-first"), { deleteBeforeReplace: true }],
    "no-stdin": [{ create: input("no-stdin", "create") }, { create: input("no-stdin", "create") }],
    "empty-stdin": [
      { create: input("empty-stdin", "create"), stdin: "" },
      { create: input("empty-stdin", "create"), stdin: "" },
    ],
    "large-stdin": [
      { create: "wc -c", stdin: "0123456789abcdef".repeat(65536) },
      { create: "wc -c", stdin: "0123456789abcdef".repeat(65536) },
    ],
    previous: [
      { ...talking, stdin: "one" },
      { ...talking, stdin: "two" },
    ],
    "without-previous": [
      { ...ignoring, stdin: "one" },
      { ...ignoring, stdin: "two" },
    ],
    output: [
      { create: "printf 'é\\n\\n'; printf 'warning\\n' >&2" },
      { create: "printf 'é\\n\\n'; printf 'warning\\n' >&2" },
    ],
  };
}
