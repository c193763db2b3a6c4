import type { Body } from "../../model/document/bodies.ts";
import { otherColour, type Colour } from "../../model/colour.ts";
import type { Difference } from "../../model/facts/observation.ts";
import { Failure } from "../failure.ts";
import { Colours, type ColourEntry } from "../colours/colours.ts";
import { liveAnswer } from "../release/fact.ts";
import { findLive } from "../colours/live.ts";
import { Records, verifiedRecord } from "../records/records.ts";
import { keepWarm, warmDifferences } from "../release/warm.ts";
import type { Verb } from "./verb.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";

/** The last step of a release: it is verified from now on, and the previous release is kept as config says. */
export const confirm: Verb<"confirm"> = {
  kind: "confirm",

  async differences(body, view) {
    const { live, entry, colours } = await servedNow(body, view);
    if (live === undefined || entry?.hash !== body.rollout) {
      return [{ where: "release that serves", expected: body.release, found: entry?.release ?? "none" }];
    }
    const unverified: Difference = { where: `${body.release} in ${live}`, expected: "verified", found: "not verified" };
    const warm = { policy: body.warm, colour: otherColour(live), colours };
    return [...(entry.verified ? [] : [unverified]), ...(await warmDifferences(warm, view))];
  },

  async apply(body, work) {
    const { live, entry, colours } = await servedNow(body, work);
    if (live === undefined || entry?.hash !== body.rollout) throw otherRelease(body, entry, work);
    colours.setLive(live, { verified: true });
    const { release, commit = "", images, rollout: hash } = body;
    const record = verifiedRecord({ run: work.run, release, commit, images, hash }, work);
    new Records(work.places).append(record);
    work.say("release", `${release} in ${live} is verified`);
    await keepWarm({ policy: body.warm, colour: otherColour(live), colours }, work);
    return { ...liveAnswer(work), record };
  },

  told: (_body, view) => liveAnswer(view),

  /** What was verified stays so: the records are only added to. */
  remove: () => Promise.resolve(),
};

interface ServedNow {
  readonly colours: Colours;
  readonly live: Colour | undefined;
  readonly entry: ColourEntry | undefined;
}

async function servedNow(body: Body<"confirm">, view: View): Promise<ServedNow> {
  const colours = Colours.at(body, view);
  const live = await findLive(colours, view);
  return { colours, live, entry: live && colours.of(live) };
}

function otherRelease({ release }: Body<"confirm">, entry: ColourEntry | undefined, { number }: Work): Failure {
  const serves = entry === undefined ? "nothing serves" : `another document of release '${entry.release}' serves`;
  return new Failure(
    "confirm",
    `cannot confirm '${release}', since ${serves} (document ${number}); run \`pulumi up\` again`,
  );
}
