import { Buffer } from "node:buffer";
import { otherColour } from "../../model/colour.ts";
import { draftsFolder } from "../../model/server-places.ts";
import { messageOf } from "../../model/problem.ts";
import { rootOnly } from "../files/owner.ts";
import { Tree } from "../files/tree.ts";
import type { StackState } from "../state/stack-state.ts";
import type { Colours } from "./colours.ts";
import { Holds } from "./holds.ts";

/** The name of the file in a stack's directory. It has no secret, so all users of the directory may read it. */
export const stateJson = "state.json";

const access = { mode: 0o644, uid: 0, gid: 0 };

type ReadColours = Pick<Colours, "live" | "of" | "place">;

/**
 * Writes what the colours are for the team's own scripts and dashboards (E6). Nothing of slipway reads it back, so that
 * a file which somebody edited decides nothing (F95). Returns why it could not be written: that must stop no switch.
 */
export function writeStateJson(colours: ReadColours, state: StackState): string | undefined {
  try {
    using base = new Tree(colours.place.directory).open();
    using workshop = base.make(draftsFolder, rootOnly);
    base.write(stateJson, Buffer.from(stateText(colours, new Holds(state))), access, workshop);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * Removes the file, where the stack's directory is still there. Returns why it could not be removed: what an
 * application put in its place, such as a folder, must not keep the stack from being removed.
 */
export function removeStateJson(directory: string): string | undefined {
  try {
    new Tree(directory).at(stateJson, (parent, name) => parent.remove(name));
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function stateText(colours: ReadColours, holds: Holds): string {
  const { live } = colours;
  const serving = live && colours.of(live);
  const inactive = live && otherColour(live);
  const kept = inactive && colours.of(inactive);
  const content = {
    active_stack: live ?? null,
    inactive_stack: inactive ?? null,
    last_deployment: serving?.since ?? null,
    last_deployment_commit: serving?.commit ?? null,
    rollback_available: kept?.state === "warm" && holds.of(kept.hash) === undefined,
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
