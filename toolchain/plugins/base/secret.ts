import type { Struct, Value as Message } from "google-protobuf/google/protobuf/struct_pb.js";

/** The way to a value: names of properties and places in lists. */
export type Path = readonly (string | number)[];

/** The engine marks a special object with this key; the value beside it says which kind it is. */
export const signatureKey = "4dabf18193072939515e22adb298388d";

/** The kind of object that wraps a secret. */
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Where the engine marked secrets; what lies within one belongs to it. */
export function secretPaths(message: Struct | undefined): Path[] {
  const paths: Path[] = [];
  message?.getFieldsMap().forEach((value, name) => {
    for (const path of pathsIn(value)) paths.push([name, ...path]);
  });
  return paths;
}

/** The rest of those ways that begin with a step. */
export function pathsBelow(step: string | number, paths: readonly Path[]): Path[] {
  return paths.filter(([first]) => first === step).map(([, ...rest]) => rest);
}

function pathsIn(value: Message): Path[] {
  const fields = value.getStructValue();
  if (fields !== undefined) return isSecret(fields) ? [[]] : secretPaths(fields);
  const items = value.getListValue()?.getValuesList() ?? [];
  return items.flatMap((item, place) => pathsIn(item).map((path) => [place, ...path]));
}

function isSecret(fields: Struct): boolean {
  return fields.getFieldsMap().get(signatureKey)?.getStringValue() === secretSignature;
}
