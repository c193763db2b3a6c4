import { messageOf } from "../../model/problem.ts";
import type { EngineNetwork } from "./engine.ts";
import { Failure } from "../failure.ts";
import type { Work } from "../work.ts";

/** Removes a network. The engine refuses that while a container runs in it. */
export async function removeNetwork(
  { Id: id, Name: name }: Pick<EngineNetwork, "Id" | "Name">,
  phase: string,
  work: Work,
): Promise<void> {
  try {
    await work.engine.removeNetwork(id);
  } catch (error) {
    const what = `cannot remove network '${name}' (document ${work.number}): ${messageOf(error)}`;
    throw new Failure(phase, `${what}; disconnect what uses it, then run slipway again`);
  } finally {
    work.changed();
  }
}
