import type { z } from "zod";
import type { LogEntry } from "./engine.ts";
import { changesIn, compare, type Difference } from "./difference.ts";
import { unknown, type Properties } from "./property.ts";
import { parse, problems, type Problem } from "./validation.ts";

/** The context of a create, update, read or delete. */
export interface Operation {
  readonly urn: string;
  /** The resource's name in the program. */
  readonly name: string;
  /** Fires when the user cancels or the resource's `customTimeouts` run out. */
  readonly signal: AbortSignal;
  log(entry: Omit<LogEntry, "urn">): Promise<void>;
}

/** A resource as the state holds it. */
export interface Saved<Inputs, State> {
  readonly id: string;
  readonly inputs: Inputs;
  readonly state: State;
}

/** The request of a check, apart from the inputs. */
interface CheckContext {
  readonly name: string;
  readonly oldInputs: Properties;
  /** Equal for the preview and the update of a resource; empty if the engine gives none. */
  readonly randomSeed: Uint8Array;
}

/** The definition of a resource type by its author: schemas and operations. */
export interface ResourceDefinition<Inputs, State> {
  readonly token: string;
  /** A strict schema: an unknown property is an error that names it. */
  readonly inputs: z.ZodType<Inputs>;
  readonly state: z.ZodType<State>;
  /** Outputs that are unknown in a preview. */
  readonly computed: readonly string[];
  /** Inputs and outputs that are always secret; a dot separates the names of a nested property. */
  readonly secrets: readonly string[];
  /** Inputs whose change needs a new resource; all inputs if there is no `update`. */
  readonly replaceOnChanges: readonly string[];

  /** Adds default values to the inputs. By default there are none. */
  defaults?(inputs: Properties, context: CheckContext): Properties;
  /** The id of a new resource in a preview. By default it is unknown. */
  previewId?(name: string): string;
  /** The outputs in a preview. By default the inputs, and unknown values for the computed outputs. */
  preview?(inputs: Properties, old: Saved<Properties, Properties> | undefined): Properties;
  /** Compares a saved resource with new inputs. By default the old inputs are compared with the new ones. */
  diff?(old: Saved<Properties, Properties>, news: Properties): Difference;
  create(inputs: Inputs, operation: Operation): Promise<{ readonly id: string; readonly state: Properties }>;
  update?(old: Saved<Inputs, State>, inputs: Inputs, operation: Operation): Promise<Properties>;
  /** Reads the real resource for a refresh; undefined if it no longer exists. By default a refresh changes nothing. */
  read?(old: Saved<Properties, Properties>, operation: Operation): Promise<Saved<Properties, Properties> | undefined>;
  /** Deletes the real resource. By default it is only dropped from the state. */
  delete?(old: Saved<Inputs, State>, operation: Operation): Promise<void>;
}

/** A resource type as the gRPC service calls it, with plain data in and out. */
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

/** Makes a resource type from a definition: applies the schemas and the default operations. */
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

/** Compares two sets of inputs; a change of one of `replaceOnChanges` needs a new resource. */
export function inputDifference(olds: Properties, news: Properties, replaceOnChanges: readonly string[]): Difference {
  const changes = compare(olds, news);
  return { changes, replaces: changesIn(changes, replaceOnChanges) };
}

function unknowns(names: readonly string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, unknown]));
}
