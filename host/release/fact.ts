import { colours as allColours, type Colour } from "../../model/colour.ts";
import type { ColourFact, ReleaseFact } from "../../model/facts/observation.ts";
import type { View } from "../view.ts";
import { Colours } from "./colours.ts";
import { Holds } from "./holds.ts";
import { Records } from "./records.ts";
import { Routes } from "./routes.ts";

/** Records that an observation tells. */
const told = 20;

/** Everything that is known of a stack's releases; undefined where it never had one. */
export function releaseFact(view: View): Promise<ReleaseFact | undefined> {
  const records = new Records(view.places).all();
  const colours = coloursOf(view);
  if (colours === undefined && records.length === 0) return Promise.resolve(undefined);
  const holds = new Holds(view.state);
  const verified = records.findLast(({ verdict, hash }) => verdict === "verified" && holds.of(hash) === undefined);
  return Promise.resolve({
    colours: allColours.map((colour) => colourFact(colour, colours, view)),
    holds: holds.all(),
    ...(verified !== undefined && { verified }),
    records: records.slice(-told),
  });
}

/** The colour that serves, for a verb's answer. */
export function liveAnswer(view: View): { live?: Pick<ColourFact, "colour" | "release" | "since" | "verified"> } {
  const colours = coloursOf(view);
  const live = colours?.live;
  if (colours === undefined || live === undefined) return {};
  const { release, since, verified } = colourFact(live, colours, view);
  return { live: { colour: live, release, since, verified } };
}

function coloursOf(view: View): Colours | undefined {
  const place = Colours.placeOf(view.state);
  return place && Colours.read(view.state, place, new Routes(place, view.engine).head());
}

function colourFact(colour: Colour, colours: Colours | undefined, view: View): ColourFact {
  const entry = colours?.of(colour);
  if (entry === undefined) return { colour, state: "idle", release: "", hash: "", since: "", verified: false };
  const { release, hash, since, verified } = entry;
  const isHeld = entry.state !== "live" && new Holds(view.state).of(hash) !== undefined;
  return { colour, state: isHeld ? "held" : entry.state, release, hash, since, verified };
}
