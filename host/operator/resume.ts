import type { Hold } from "../../model/facts/release/release.ts";
import { Failure } from "../failure.ts";
import type { View } from "../view.ts";
import { Colours } from "../colours/colours.ts";
import { Holds } from "../colours/holds.ts";
import { writeStateJson } from "../colours/state-json.ts";
import { closingRecord, Records } from "../records/records.ts";

/** What a person asks for. */
interface AskedResume {
  /** Undefined for the only release that is held. */
  readonly release?: string | undefined;
  readonly who: string;
  readonly why: string;
}

/** Removes the hold of a release, so that `up` may deploy it again, and leaves the record of the run that did. */
export function resumeHeld(view: View, { release, who, why }: AskedResume, run: string): Hold {
  const { places, state } = view;
  const holds = new Holds(state);
  const resumed = heldRelease(holds.all(), release);
  for (const { hash } of holds.all().filter((hold) => hold.release === resumed.release)) holds.remove(hash);
  const was = `it was held by ${resumed.by} since ${resumed.since}: ${resumed.why}`;
  const said = why === "" ? `resumed by ${who}` : `resumed by ${who}: ${why}`;
  const record = { ...closingRecord(run, view), verdict: "resumed", release: resumed.release } as const;
  new Records(places).append({ ...record, why: `${said}; ${was}` });
  const colours = Colours.now(view);
  if (colours !== undefined) writeStateJson(colours, state);
  return resumed;
}

/** The last hold of the release that is meant. */
function heldRelease(holds: readonly Hold[], release: string | undefined): Hold {
  const versions = new Set(holds.map((hold) => hold.release));
  const names = [...versions].map((version) => `'${version}'`).join(", ");
  if (release === undefined && versions.size > 1)
    throw new Failure("resume", `several releases are held; name one of ${names}`);
  const resumed = holds.findLast((hold) => release === undefined || hold.release === release);
  if (resumed !== undefined) return resumed;
  const what = release === undefined ? "no release is held" : `'${release}' is not held`;
  throw new Failure("resume", `${what}; ${names === "" ? "there is nothing to resume" : `held are ${names}`}`);
}
