import { isMap, mapOf, textOf, type Json, type JsonMap } from "../../json.ts";
import { readBoolean } from "../boolean.ts";
import { resolveText, type Field, type ReaderContext } from "../context.ts";
import type { Resource } from "../project/definitions.ts";

/** The name of a volume or network, as the engine takes it. */
const engineName = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** A top-level volume or network, for messages. */
interface ResourceName {
  readonly kind: "volumes" | "networks";
  readonly key: string;
}

/** Reads the fields of a top-level volume or network, and reports those that cannot be as they are. */
export class ResourceReader {
  readonly #context: ReaderContext;
  readonly #name: ResourceName;
  readonly #place: string;
  readonly #value: JsonMap;

  constructor(context: ReaderContext, name: ResourceName, { value, place }: Resource) {
    this.#context = context;
    this.#name = name;
    this.#place = place;
    this.#value = value;
  }

  get keys(): readonly string[] {
    return Object.keys(this.#value);
  }

  /** It is there before the stack. In an earlier form of the specification `external` is a map with its name. */
  get isExternal(): boolean {
    return isMap(this.#value["external"]) || this.isTrue("external");
  }

  /** Its own name on a server; undefined where it has none, or none that the engine takes. */
  name(): string | undefined {
    const written = textOf(this.#value["name"] ?? mapOf(this.#value["external"])["name"]);
    const name = written === undefined ? undefined : this.resolve(written, "name");
    if (name === undefined || engineName.test(name)) return name;
    const todo = "use letters, digits, '.', '_' and '-', and begin with a letter or digit";
    this.refuse(`has a name that the engine does not take, got '${name}'`, todo);
    return undefined;
  }

  isTrue(field: string): boolean {
    return this.#boolean(field) === true;
  }

  isFalse(field: string): boolean {
    return this.#boolean(field) === false;
  }

  text(field: string): string | undefined {
    const written = textOf(this.#value[field]);
    return written === undefined ? undefined : this.resolve(written, field);
  }

  /** A map of texts; empty if there is none. */
  texts(field: string): Readonly<Record<string, string>> {
    const entries = Object.entries(mapOf(this.#value[field]));
    return Object.fromEntries(
      entries.map(([name, value]) => [name, this.resolve(textOf(value) ?? "", `${field}.${name}`) ?? ""]),
    );
  }

  /** A map as it is written. */
  map(field: string): JsonMap {
    return mapOf(this.#value[field]);
  }

  /** A value with the variables of all its texts filled in. */
  filled(value: Json, field: string): Json {
    if (typeof value === "string") return this.resolve(value, field) ?? "";
    if (Array.isArray(value)) return value.map((one: Json) => this.filled(one, field));
    if (!isMap(value)) return value;
    return Object.fromEntries(Object.entries(mapOf(value)).map(([name, one]) => [name, this.filled(one, field)]));
  }

  resolve(text: string, field: string): string | undefined {
    return resolveText(this.#context, text, this.#field(field));
  }

  refuse(what: string, todo: string): void {
    const { kind, key } = this.#name;
    this.#context.problems.push({ path: this.#place, what: `the ${nouns[kind]} '${key}' ${what}`, todo });
  }

  note(what: string): void {
    const { kind, key } = this.#name;
    this.#context.notes.push(`${kind}.${key}: ${what}`);
  }

  #boolean(field: string): boolean | undefined {
    return readBoolean(this.#context, this.#value[field], this.#field(field));
  }

  /** A secret in an option would stand in a document, and the engine shows it to everybody who asks. */
  #field(field: string): Field {
    const { kind, key } = this.#name;
    const name = `${kind}.${key}.${field}`;
    return { place: this.#place, name, ...(field.startsWith("driver_opts") && { secretTodo: byHand }) };
  }
}

const nouns = { volumes: "volume", networks: "network" } as const;

/** The way out for what slipway does not make. */
export const byHand = "make it on the server by hand, and write `external: true` with its name";
