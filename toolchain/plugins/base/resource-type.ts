import type { z } from "zod";
import type { LogEntry } from "./engine.ts";
import { changesIn, compare, type Difference } from "./difference.ts";
import { unknown, type Properties } from "./property.ts";
import { parse, problems, type Problem } from "./validation.ts";

/** What an operation knows of its surroundings. */
export interface Operation {
  readonly urn: string;
  /** The name that the program gave the resource. */
  readonly name: string;
  /** Fires when the user cancels or the resource's `customTimeouts` run out. */
  readonly signal: AbortSignal;
  log(entry: Omit<LogEntry, "urn">): Promise<void>;
}

/** A resource as it was saved. */
export interface Saved<Inputs, State> {
  readonly id: string;
  readonly inputs: Inputs;
  readonly state: State;
}

/** What is asked of `Check`, beside the inputs themselves. */
interface CheckContext {
  readonly name: string;
  readonly oldInputs: Properties;
  /** The same for the same resource in preview and update; empty when the engine gives none. */
  readonly randomSeed: Uint8Array;
}

/** One kind of resource, as an author writes it: its schemas and what it does. */
export interface ResourceDefinition<Inputs, State> {
  readonly token: string;
  /** A strict schema: a property that it does not name is refused by name. */
  readonly inputs: z.ZodType<Inputs>;
  readonly state: z.ZodType<State>;
  /** Outputs that a preview cannot know. */
  readonly computed: readonly string[];
  /** Inputs and outputs that are always encrypted in the state; a dot leads into an object. */
  readonly secrets: readonly string[];
  /** Inputs whose change makes a new resource; a resource without `update` names all of them. */
  readonly replaceOnChanges: readonly string[];

  /** Fills in defaults; without it the inputs stay as they are. */
  defaults?(inputs: Properties, context: CheckContext): Properties;
  /** The id that a preview shows of a new resource; without it none is known before the resource is made. */
  previewId?(name: string): string;
  /** What a preview shows; without it the inputs, and unknown for what is computed. */
  preview?(inputs: Properties, old: Saved<Properties, Properties> | undefined): Properties;
  /** Without it old inputs and new inputs are compared. */
  diff?(old: Saved<Properties, Properties>, news: Properties): Difference;
  create(inputs: Inputs, operation: Operation): Promise<{ readonly id: string; readonly state: Properties }>;
  update?(old: Saved<Inputs, State>, inputs: Inputs, operation: Operation): Promise<Properties>;
  /** Answers undefined when the resource is gone; without it a refresh changes nothing. */
  read?(old: Saved<Properties, Properties>, operation: Operation): Promise<Saved<Properties, Properties> | undefined>;
  /** Without it a deleted resource is only forgotten. */
  delete?(old: Saved<Inputs, State>, operation: Operation): Promise<void>;
}

/** One kind of resource, as the gRPC service calls it: plain data in, plain data out. */
export interface ResourceType {
  readonly token: string;
  readonly secrets: readonly string[];
  check(
    inputs: Properties,
    context: CheckContext,
  ): { readonly inputs: Properties; readonly problems: readonly Problem[] };
  previewId(name: string): string;
  preview(inputs: Properties, old: Saved<Properties, Properties> | undefined): Properties;
  diff(old: Saved<Properties, Properties>, news: Properties): Difference;
  create(inputs: Properties, operation: Operation): Promise<{ readonly id: string; readonly state: Properties }>;
  update(old: Saved<Properties, Properties>, inputs: Properties, operation: Operation): Promise<Properties>;
  read(old: Saved<Properties, Properties>, operation: Operation): Promise<Saved<Properties, Properties> | undefined>;
  delete(old: Saved<Properties, Properties>, operation: Operation): Promise<void>;
}

/** Makes a resource type of a definition: schemas are applied and what it left out is filled in. */
export function resourceType<Inputs, State>(definition: ResourceDefinition<Inputs, State>): ResourceType {
  const { token, secrets, inputs: schema } = definition;
  const typed = (saved: Saved<Properties, Properties>): Saved<Inputs, State> => ({
    id: saved.id,
    inputs: parse(token, schema, saved.inputs),
    state: parse(token, definition.state, saved.state),
  });
  return {
    token,
    secrets,
    check: (given, context) => {
      const inputs = definition.defaults?.(given, context) ?? given;
      return { inputs, problems: problems(schema, inputs) };
    },
    previewId: (name) => definition.previewId?.(name) ?? "",
    preview: (inputs, old) => definition.preview?.(inputs, old) ?? { ...inputs, ...unknowns(definition.computed) },
    diff: (old, news) => definition.diff?.(old, news) ?? inputDifference(old.inputs, news, definition.replaceOnChanges),
    create: (inputs, operation) => definition.create(parse(token, schema, inputs), operation),
    update: async (old, inputs, operation) => {
      if (definition.update === undefined)
        throw new Error(`${token}: no update in place; this is an error in the plugin`);
      return definition.update(typed(old), parse(token, schema, inputs), operation);
    },
    read: async (old, operation) => (definition.read === undefined ? old : definition.read(old, operation)),
    delete: async (old, operation) => definition.delete?.(typed(old), operation),
  };
}

/** The difference of two sets of inputs, where a change in some of them asks for a new resource. */
export function inputDifference(olds: Properties, news: Properties, replaceOnChanges: readonly string[]): Difference {
  const changes = compare(olds, news);
  return { changes, replaces: changesIn(changes, replaceOnChanges) };
}

function unknowns(names: readonly string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, unknown]));
}
