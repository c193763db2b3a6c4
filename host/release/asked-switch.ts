import { z } from "zod";
import { holdSchema, type RunRecord } from "../../model/facts/release/release.ts";
import type { StackState } from "../state/stack-state.ts";
import type { View } from "../view.ts";
import { Colours, type ColourEntry } from "../colours/colours.ts";
import { Holds } from "../colours/holds.ts";
import { restoreDocuments } from "../colours/kept-documents.ts";
import { writeStateJson } from "../colours/state-json.ts";
import { closingRecord, emptyRecord, Records } from "../records/records.ts";

/** A switch back that a person asked for, with the hold of the release that is left. */
const askedSchema = z.object({ run: z.string(), hold: holdSchema });

type AskedSwitch = Readonly<z.output<typeof askedSchema>>;

const memory = "switch back";

/** Remembers a switch before it begins, so that the next session ends what this one may leave half done. */
export function rememberSwitchBack(state: StackState, asked: AskedSwitch): void {
  state.remember(memory, asked);
}

export function forgetSwitchBack(state: StackState): void {
  state.forgetMemory(memory);
}

/** Ends a switch back whose traffic has moved, with hold, documents and record, and forgets any other. */
export function settleSwitchBack(view: View): void {
  const { places, state } = view;
  const asked = state.memory(memory, askedSchema);
  if (asked === undefined) return;
  const colours = Colours.now(view);
  const entry = colours?.live && colours.of(colours.live);
  if (colours?.live !== undefined && entry !== undefined && entry.hash !== asked.hold.hash) {
    new Holds(state).add(asked.hold);
    restoreDocuments(colours.live, entry.hash, state);
    writeStateJson(colours, state);
    const records = new Records(places);
    if (!records.isClosed(asked.run)) records.append(recordOf(asked, entry, { places, state }));
  }
  forgetSwitchBack(state);
}

function recordOf(
  { run, hold }: AskedSwitch,
  { hash, release, commit }: ColourEntry,
  view: Pick<View, "places" | "state">,
): RunRecord {
  const { images, schema, contract, buildArguments } = new Records(view.places).whole(hash) ?? emptyRecord;
  const why = `${hold.release} was left by ${hold.who}: ${hold.why}`;
  const served = { release, commit, hash, images, schema, contract, buildArguments };
  return { ...closingRecord(run, view), ...served, verdict: "switched back", why };
}
