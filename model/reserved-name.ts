import type { Problem } from "./problem.ts";

/** Tells a name that every object has, such as `constructor`: a look-up of it would find JavaScript's own property. */
export function isReservedName(name: string): boolean {
  return name in Object.prototype;
}

/** The problem of a reserved name at a place. */
export function reservedName(path: string, name: string): Problem {
  const what = `is a name that every object of JavaScript has, got '${name}'`;
  return { path, what, todo: "choose another one" };
}
