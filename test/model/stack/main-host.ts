import type { Deployment } from "../../../model/stack/deployment.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import type { StackHost } from "../../../model/stack/stack.ts";

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
