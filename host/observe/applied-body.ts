import { bodySchemas, type Body, type DocumentKind } from "../../model/document/bodies.ts";
import type { StackState } from "../state/stack-state.ts";

/** The body of the applied document of a kind that has one object; undefined if none was applied or can be read. */
export function appliedBody<Kind extends DocumentKind>(kind: Kind, state: StackState): Body<Kind> | undefined {
  try {
    const { data } = bodySchemas[kind].safeParse(state.appliedDocument(kind)?.body);
    return data as Body<Kind> | undefined;
  } catch {
    return undefined; // Its file is damaged, which the facts of applied documents tell.
  }
}
