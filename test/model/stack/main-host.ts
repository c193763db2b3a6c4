import type { Deployment } from "../../../model/stack/deployment.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import type { Part, ReleasePart, StackHost } from "../../../model/stack/stack.ts";

/** The value of `main`, the only host of the tests' deployments. */
export function mainOf<Value>(hosts: Readonly<Record<string, Value>>): Value {
  const { main } = hosts;
  if (main === undefined) throw new Error(`there is no host main, but ${Object.keys(hosts).join(", ")}`);
  return main;
}

/** The only host of a deployment. */
export function hostOf(deployment: Deployment): StackHost {
  return mainOf(stackOf(deployment).hosts);
}

/** The shared services of a server that has some. */
export function sharedPart({ parts: { before } }: Pick<StackHost, "parts">): Part {
  if (before === undefined) throw new Error("the stack has no shared services");
  return before;
}

/** The release services of a server that has some. */
export function releasePart({ parts: { release } }: Pick<StackHost, "parts">): ReleasePart {
  if (release === undefined) throw new Error("the stack has no release");
  return release;
}
