import type { Problem } from "../model/problem.ts";
import type { Stack } from "../model/stack/stack.ts";
import type { SuspectFile } from "../secrets/source/plain-secrets.ts";
import type { Draft } from "./draft.ts";

/** A configuration together with the stack that it and the files beside it make. */
export interface RuleInput {
  readonly draft: Draft;
  readonly stack: Stack;
  /** Every service of the compose file, also those that are not deployed. */
  readonly composeServices: readonly string[];
  /** Name of the compose file, and of the release document. */
  readonly files: { readonly compose: string; readonly release: string };
  /** Files that git tracks in the whole repository and that may hold secrets. */
  readonly suspects: readonly SuspectFile[];
}

/** A rule across keys and files: the problems of what breaks it. */
export type Rule = (input: RuleInput) => Problem[];
