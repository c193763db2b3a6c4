import { colours as allColours, type Colour } from "../../model/colour.ts";
import { Failure } from "../failure.ts";
import type { View } from "../view.ts";
import { Colours } from "./colours.ts";
import { findLive } from "./live.ts";

/** The colour that somebody wants to look at. */
export interface ColourWish {
  readonly colour?: Colour | undefined;
  /** The version of its release. */
  readonly release?: string | undefined;
}

/** The colour that serves; undefined where none does, or the stack has no release. */
export async function liveColour(view: View): Promise<Colour | undefined> {
  const colours = Colours.now(view);
  return colours === undefined ? undefined : await findLive(colours, view);
}

/** The colour of a wish, which is the one that serves if nothing else is asked; undefined where there is none. */
export async function chosenColour({ colour, release }: ColourWish, view: View): Promise<Colour | undefined> {
  const colours = Colours.now(view);
  if (colour === undefined && release === undefined) return await liveColour(view);
  if (colours === undefined) throw new Failure("release", "the stack has no release; leave out --release and --colour");
  const known = allColours.flatMap((one) => {
    const entry = colours.of(one);
    return entry === undefined ? [] : [{ colour: one, ...entry }];
  });
  const fits = known
    .filter((one) => colour === undefined || one.colour === colour)
    .filter((one) => release === undefined || one.release === release);
  const found = fits.find(({ state }) => state === "live") ?? fits[0];
  if (found !== undefined) return found.colour;
  const wanted =
    release === undefined ? `nothing is in ${colour ?? ""}` : `no container of release '${release}' is there`;
  const there = known.map((one) => `${one.release} in ${one.colour} (${one.state})`);
  const way = there.length === 0 ? "" : `name one of ${there.join(", ")}, or `;
  throw new Failure("release", `${wanted}; ${way}leave out --release and --colour`);
}
