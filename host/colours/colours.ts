import { z } from "zod";
import { colours as allColours, otherColour, type Colour } from "../../model/colour.ts";
import { formatNumber } from "../../model/document/number.ts";
import type { StackState } from "../state/stack-state.ts";
import { checksOf, checksSchema } from "../checks/checks.ts";
import type { View } from "../view.ts";
import type { ReleasePlace } from "./colour.ts";
import { readGeneration } from "./generation.ts";
import { writeStateJson } from "./state-json.ts";
import { Routes, type RoutesHead } from "./routes.ts";

const entrySchema = z.object({
  /** `starting` comes up, or was left by a run that died; `warm` served before, and can be switched back to. */
  state: z.enum(["starting", "live", "warm"]),
  release: z.string(),
  /** Empty where it is not known. */
  commit: z.string(),
  /** Hash of the rollout document that it was made from. */
  hash: z.string(),
  number: z.string(),
  /** Sum of everything that it was made of; empty where that is not known. */
  made: z.string(),
  /** When it began to serve, or was prepared. */
  since: z.string(),
  verified: z.boolean(),
  /** The run that brought it. */
  run: z.string(),
  /** `due` where those of its services do not run that start when it serves. */
  workers: z.literal("due").optional(),
  /** Undefined where the memory was lost. */
  checks: checksSchema.optional(),
});

const memorySchema = z.object({
  place: z.object({ directory: z.string(), project: z.string() }),
  blue: entrySchema.optional(),
  green: entrySchema.optional(),
});

const memory = "colours";

/** What one colour is. A colour without an entry is idle. */
export type ColourEntry = Readonly<z.output<typeof entrySchema>>;

/** What each colour of a stack is. The routes decide which one serves; this memory follows them (F11, F58, F95). */
export class Colours {
  readonly place: ReleasePlace;
  readonly #state: StackState;
  readonly #entries: Map<Colour, ColourEntry>;

  private constructor(place: ReleasePlace, state: StackState, entries: Map<Colour, ColourEntry>) {
    this.place = place;
    this.#state = state;
    this.#entries = entries;
  }

  /** Where the stack's release is, by memory or by the document that was applied last; undefined if there is none. */
  static placeOf(state: StackState): ReleasePlace | undefined {
    return state.memory(memory, memorySchema)?.place ?? state.body("rollout");
  }

  /** Reads the memory, and corrects it by the head of the routes. */
  static read(state: StackState, place: ReleasePlace, head: RoutesHead | undefined): Colours {
    const stored = state.memory(memory, memorySchema);
    const entries = new Map<Colour, ColourEntry>();
    for (const colour of allColours) {
      const entry = stored?.[colour];
      if (entry !== undefined) entries.set(colour, entry);
    }
    const colours = new Colours(place, state, entries);
    if (head !== undefined) colours.#follow(head);
    return colours;
  }

  /** Reads what is true now: the memory, corrected by the routes in place. */
  static at(place: ReleasePlace, { state, engine }: Pick<View, "state" | "engine">): Colours {
    return Colours.read(state, place, new Routes(place, engine).head());
  }

  /** The same for a stack whose release may be anywhere; undefined if it has none. */
  static now(view: Pick<View, "state" | "engine">): Colours | undefined {
    const place = Colours.placeOf(view.state);
    return place && Colours.at(place, view);
  }

  /** The colour that serves, as far as this memory knows. */
  get live(): Colour | undefined {
    return [...this.#entries].find(([, { state }]) => state === "live")?.[0];
  }

  of(colour: Colour): ColourEntry | undefined {
    return this.#entries.get(colour);
  }

  set(colour: Colour, entry: ColourEntry): void {
    this.#entries.set(colour, entry);
    this.#write();
  }

  /** A colour serves from now on. */
  setLive(colour: Colour, changes: Partial<ColourEntry> = {}): void {
    const entry = this.#entries.get(colour);
    if (entry !== undefined) this.#entries.set(colour, { ...entry, ...changes, state: "live" });
    this.#replace(otherColour(colour));
    this.#write();
  }

  /** A colour has no containers any more. */
  clear(colour: Colour): void {
    this.#entries.delete(colour);
    this.#write();
  }

  static forget(state: StackState): void {
    state.forgetMemory(memory);
  }

  /** A switch the memory missed, or a memory that was lost: the routes tell what serves. */
  #follow({ colour, release, generation }: RoutesHead): void {
    const { since, number, made } = readGeneration(generation);
    const known = this.#entries.get(colour);
    const isKnown = known !== undefined && (made === "" || known.made.startsWith(made));
    const entry = isKnown ? known : this.#lostEntry({ release, since, number, made });
    this.#entries.set(colour, { ...entry, state: "live" });
    this.#replace(otherColour(colour));
  }

  /** A colour served, and does no longer: it is kept warm if it was verified, else it is to be taken down. */
  #replace(colour: Colour): void {
    const entry = this.#entries.get(colour);
    if (entry?.state !== "live") return;
    this.#entries.set(colour, { ...entry, state: entry.verified ? "warm" : "starting" });
  }

  #lostEntry(told: Pick<ColourEntry, "release" | "since" | "number" | "made">): ColourEntry {
    const entry = { ...told, state: "live", hash: "", verified: false, run: "-", commit: "" } as const;
    const applied = this.#state.applied("rollout");
    const body = this.#state.body("rollout");
    if (applied === undefined || body === undefined || told.made === "" || !body.made.startsWith(told.made))
      return entry;
    const number = formatNumber(applied.number);
    const { commit = "", made } = body;
    return { ...entry, hash: applied.hash, number, commit, made, checks: checksOf(body) };
  }

  #write(): void {
    const entries = Object.fromEntries(this.#entries);
    this.#state.remember(memory, { place: this.place, ...entries });
    writeStateJson(this, this.#state);
  }
}
