import { join } from "node:path";
import { stackFile, stateFolder } from "../model/server-places.ts";
import { Failure } from "./failure.ts";

/** The folders that slipway keeps on a server. */
export interface Places {
  /** Everything that must survive a restart: programs, claims, applied documents, journals, records. */
  readonly state: string;
  /** Everything that must not: staged secrets, and the processes that are at work. It is in memory. */
  readonly run: string;
}

/** The folders of every real server. */
export const serverPlaces: Places = { state: stateFolder, run: "/run/slipway" };

/** The folders of one stack on a server. */
export interface StackPlaces extends Places {
  /** `project/stack`. */
  readonly stack: string;
  readonly stackState: string;
  readonly stackRun: string;
}

/** Two names, each of which is one part of a path. */
const stackForm = /^[A-Za-z0-9][A-Za-z0-9_.-]*\/[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** The folders of a stack; makes none of them. */
export function stackPlaces(places: Places, stack: string): StackPlaces {
  if (!stackForm.test(stack)) throw new Failure("stack", `'${stack}' is not a stack of the form project/stack`);
  const folder = stackFile(stack);
  return {
    ...places,
    stack,
    stackState: join(places.state, "stacks", folder),
    stackRun: join(places.run, "stacks", folder),
  };
}
