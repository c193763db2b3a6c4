import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { JavaScriptValue, Struct, Value as Message } from "google-protobuf/google/protobuf/struct_pb.js";
import { type Path, pathsBelow, secretSignature, signatureKey } from "./secret.ts";
import { Unsupported } from "./unsupported.ts";

/** The placeholder for a value that is not known during a preview. */
export const unknown = Symbol("unknown");

/** The value of a property as plain data. */
export type Value = null | boolean | number | string | typeof unknown | readonly Value[] | Properties;

/** The inputs or outputs of a resource as plain data, with secrets unwrapped. */
export interface Properties {
  readonly [name: string]: Value;
}

// The signatures of special objects that no plugin here supports, from Pulumi's protocol.
const specialObjects = new Map<Value, string>([
  ["c44067f5952c0a294b673a41bacd8c17", "assets"],
  ["0def7320c3a5731c473e5ecbe6d01bc7", "archives"],
  ["5cf8f73096256a8f31e491e813e4eb8e", "resource references"],
  ["d0e6a833031e9bbcd3f4e8bde6ca49a4", "output values"],
]);

// The engine sends an unknown value as one of these strings, depending on the value's type.
const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const unknowns = new Set([
  unknownString,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** The type guard for lists; `Array.isArray` does not narrow readonly arrays. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** The type guard for objects. */
export function isObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !isList(value);
}

/**
 * Reads properties that the engine sent. A null means the same as an absent property and is left out. `owner` is named
 * in the error for a kind of value that this plugin does not support.
 */
export function fromStruct(message: Struct | undefined, owner: string): Properties {
  const properties: Record<string, Value> = {};
  message?.getFieldsMap().forEach((message, name) => {
    const value = fromMessage(message, owner);
    if (value !== null) properties[name] = value;
  });
  return properties;
}

function fromMessage(value: Message, owner: string): Value {
  const kinds = struct.Value.KindCase;
  switch (value.getKindCase()) {
    case kinds.STRING_VALUE:
      return unknowns.has(value.getStringValue()) ? unknown : value.getStringValue();
    case kinds.NUMBER_VALUE:
      return value.getNumberValue();
    case kinds.BOOL_VALUE:
      return value.getBoolValue();
    case kinds.LIST_VALUE:
      return (value.getListValue()?.getValuesList() ?? []).map((item) => fromMessage(item, owner));
    case kinds.STRUCT_VALUE:
      return fromObject(fromStruct(value.getStructValue(), owner), owner);
    default:
      return null;
  }
}

/** Unwraps a secret; the other special objects are rejected. */
function fromObject(value: Properties, owner: string): Value {
  const signature = value[signatureKey];
  if (signature === undefined) return value;
  if (signature === secretSignature) return value["value"] ?? null;
  throw new Unsupported(owner, specialObjects.get(signature) ?? "values of an unknown kind");
}

/** Writes properties for the engine, and marks the values at the given paths as secret. */
export function toStruct(properties: Properties, secrets: readonly Path[] = []): Struct {
  const fields = Object.entries(properties).map(([name, value]): [string, JavaScriptValue] => [
    name,
    toWire(value, pathsBelow(name, secrets)),
  ]);
  return struct.Struct.fromJavaScript(Object.fromEntries(fields));
}

/** Writes a value, and wraps it as a secret if one of the paths ends here. */
function toWire(value: Value, secrets: readonly Path[]): JavaScriptValue {
  const plain = toPlain(value, secrets);
  const isSecret = value !== null && secrets.some((path) => path.length === 0);
  return isSecret ? { [signatureKey]: secretSignature, value: plain } : plain;
}

/** Writes a value without its own mark; values inside it may be secret. */
function toPlain(value: Value, secrets: readonly Path[]): JavaScriptValue {
  if (typeof value === "symbol") return unknownString;
  if (isList(value)) return value.map((item, place) => toWire(item, pathsBelow(place, secrets)));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, toWire(item, pathsBelow(name, secrets))]),
  );
}
