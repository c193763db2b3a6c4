import { colours as allColours, type Colour } from "../../model/colour.ts";
import { wayBack } from "../../model/facts/release/going-back.ts";
import { isWhole, type ColourFact, type ReleaseFact, type RunRecord } from "../../model/facts/release/release.ts";
import type { ObservationScope } from "../../model/facts/scope.ts";
import type { View } from "../view.ts";
import { Colours } from "../colours/colours.ts";
import { Holds } from "../colours/holds.ts";
import { DatabaseSchemas } from "../state/database-schemas.ts";
import { Records } from "../records/records.ts";

/** Records that an observation tells. */
const usual = 20;

/** Everything that is known of a stack's releases; undefined where it never had one. */
export async function releaseFact(
  view: View,
  { records: asked }: Pick<ObservationScope, "records"> = {},
): Promise<ReleaseFact | undefined> {
  const { records, damage } = new Records(view.places).read();
  const colours = Colours.now(view);
  if (colours === undefined && records.length === 0) return undefined;
  const holds = new Holds(view.state);
  const verified = records.findLast((record) => isWhole(record) && holds.of(record.hash) === undefined);
  const told = records.slice(-(asked ?? usual));
  return {
    colours: allColours.map((colour) => colourFact(colour, colours, view)),
    holds: holds.all(),
    ...(verified !== undefined && { verified }),
    records: told,
    damage: [...damage, ...holds.damage()],
    schemas: new DatabaseSchemas(view.state).all(),
    missingImages: asked === undefined ? [] : await missingImages(told, view),
  };
}

async function missingImages(records: readonly RunRecord[], { engine }: View): Promise<string[]> {
  const images = [...new Set(records.filter(isWhole).flatMap((record) => Object.values(record.images)))];
  const there = await Promise.all(images.map((image) => engine.image(image)));
  return images.filter((_image, at) => there[at] === undefined).sort();
}

/** The colour that serves, and how to go back from it, for a verb's answer. */
export function liveAnswer(view: View): LiveAnswer {
  const colours = Colours.now(view);
  const live = colours?.live;
  if (colours === undefined || live === undefined) return {};
  const { release, commit, since, verified } = colourFact(live, colours, view);
  const { records } = new Records(view.places).read();
  const [holds, schemas] = [new Holds(view.state).all(), new DatabaseSchemas(view.state).all()];
  const facts = allColours.map((colour) => colourFact(colour, colours, view));
  const goBack = wayBack({ colours: facts, holds, records, schemas });
  return { live: { colour: live, release, commit, since, verified }, ...(goBack !== undefined && { goBack }) };
}

type LiveAnswer = Readonly<
  Partial<{
    live: Pick<ColourFact, "colour" | "release" | "commit" | "since" | "verified">;
    goBack: ReturnType<typeof wayBack>;
  }>
>;

function colourFact(colour: Colour, colours: Colours | undefined, view: View): ColourFact {
  const entry = colours?.of(colour);
  if (entry === undefined)
    return { colour, state: "idle", release: "", commit: "", hash: "", since: "", verified: false };
  const { release, commit, hash, since, verified } = entry;
  const isHeld = entry.state !== "live" && new Holds(view.state).of(hash) !== undefined;
  return { colour, state: isHeld ? "held" : entry.state, release, commit, hash, since, verified };
}
