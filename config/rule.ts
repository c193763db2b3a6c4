import { guess } from "../model/guess.ts";
import type { Problem } from "../model/problem.ts";
import type { ImageLock } from "../model/stack/images/lock.ts";
import type { Stack } from "../model/stack/stack.ts";
import type { Draft } from "./draft.ts";

/** A configuration with the stack that is made of it and the files beside it. */
export interface RuleInput {
  readonly draft: Draft;
  readonly stack: Stack;
  /** Every service of the compose file, including those that are not deployed. */
  readonly composeServices: readonly string[];
  readonly lock: ImageLock;
  /** The names of the compose files, as messages have them, and of the release document. */
  readonly files: { readonly compose: string; readonly release: string };
}

/** A rule across keys and files; it returns a problem for each breach. */
export type Rule = (input: RuleInput) => Problem[];

/** The problem of a key about a service that the compose file does not have, or that is not deployed. */
export function unknownService(
  path: string,
  name: string,
  { services, file }: { services: readonly string[]; file: string },
): Problem {
  if (services.includes(name)) {
    return {
      path,
      what: `is not deployed, since it has profiles in ${file}`,
      todo: "name it below services, or one of its profiles in profiles, to deploy it",
    };
  }
  return { path, what: `is not a service of ${file}`, todo: guess(name, services) };
}
