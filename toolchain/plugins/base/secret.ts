import type { Struct, Value as Message } from "google-protobuf/google/protobuf/struct_pb.js";

/** The path to a value: property names and list indexes. */
export type Path = readonly (string | number)[];

/** The key by which the engine marks special objects; its value says which kind of object it is. */
export const signatureKey = "4dabf18193072939515e22adb298388d";

/** The value of the signature key for an object that wraps a secret. */
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** The paths of the secrets in properties. A secret inside another secret is not listed. */
export function secretPaths(message: Struct | undefined): Path[] {
  const paths: Path[] = [];
  message?.getFieldsMap().forEach((value, name) => {
    for (const path of pathsIn(value)) paths.push([name, ...path]);
  });
  return paths;
}

/** The remainders of those paths that begin with the given step. */
export function pathsBelow(step: string | number, paths: readonly Path[]): Path[] {
  return paths.filter(([first]) => first === step).map(([, ...rest]) => rest);
}

/** The paths of secrets below a value; an empty path means the value itself. */
function pathsIn(value: Message): Path[] {
  const fields = value.getStructValue();
  if (fields !== undefined) return isSecret(fields) ? [[]] : secretPaths(fields);
  const items = value.getListValue()?.getValuesList() ?? [];
  return items.flatMap((item, place) => pathsIn(item).map((path) => [place, ...path]));
}

function isSecret(fields: Struct): boolean {
  return fields.getFieldsMap().get(signatureKey)?.getStringValue() === secretSignature;
}
