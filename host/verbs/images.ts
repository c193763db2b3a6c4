import type { Body } from "../../model/document/bodies.ts";
import type { EngineVersion } from "../docker/engine.ts";
import { pullAll } from "../docker/pull-all.ts";
import { PullProgress } from "../docker/pull-progress.ts";
import { loginsIn, registryOf } from "../docker/pull.ts";
import { Failure } from "../failure.ts";
import { pinImages } from "../images/pins.ts";
import { PulledImages } from "../images/pulled.ts";
import type { Verb } from "./verb.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";

/** Every image that the stack runs is on the server, by digest, before anything else changes. */
export const images: Verb<"images"> = {
  kind: "images",

  async differences(body, view) {
    const { wanted, platforms } = await imagesNow(body, view);
    return Object.keys(body.images).flatMap((reference) => {
      const found = platforms.get(reference) ?? "missing";
      return found === wanted ? [] : [{ where: reference, expected: wanted, found }];
    });
  },

  async apply(body, work) {
    const { platforms } = await imagesNow(body, work);
    const references = Object.keys(body.images);
    const missing = references.filter((reference) => !platforms.has(reference));
    const said = new Map<string, string>();
    if (missing.length > 0) {
      new PulledImages(work.places).add(missing);
      work.say("images", `pulls ${missing.length} of ${references.length}`);
      const logins = loginsIn(work.secrets.get("registry"));
      const progress = new PullProgress(missing.length);
      using _wait = work.progress.waits(() => progress.text);
      const failed = (reference: string, why: string): void => void said.set(reference, why);
      await pullAll(work.engine, missing, { logins, signal: work.signal, failed, progress });
    }
    requireAll(body, await imagesNow(body, work), said, work);
    await pinImages(references, work);
    return {};
  },

  remove(_body, work) {
    work.say("images", "keeps all images");
    return Promise.resolve();
  },
};

interface ImagesNow {
  /** The platform of this server. */
  readonly wanted: string;
  /** By reference, for each image that is on the server. */
  readonly platforms: ReadonlyMap<string, string>;
}

async function imagesNow(body: Body<"images">, { engine }: View): Promise<ImagesNow> {
  const references = Object.keys(body.images);
  const [version, ...found] = await Promise.all([
    engine.version(),
    ...references.map(async (reference) => [reference, (await engine.image(reference))?.platform] as const),
  ]);
  const platforms = new Map<string, string>();
  for (const [reference, platform] of found) if (platform !== undefined) platforms.set(reference, platform);
  return { wanted: platformOf(version), platforms };
}

function platformOf({ Os, Arch }: EngineVersion): string {
  return `${Os}/${Arch}`;
}

/** One run names everything that is wrong (F26, F32). */
function requireAll(
  body: Body<"images">,
  { wanted, platforms }: ImagesNow,
  said: Map<string, string>,
  work: Work,
): void {
  const wrong = Object.entries(body.images).filter(([reference]) => platforms.get(reference) !== wanted);
  for (const [reference, services] of wrong) {
    const what = `'${reference}' of ${services}`;
    const platform = platforms.get(reference);
    if (platform === undefined) {
      const why = said.get(reference) ?? "the engine does not have it after the pull";
      work.say("images", `${what} cannot be pulled from ${registryOf(reference)}: ${why}`);
    } else {
      work.say("images", `${what} is for ${platform}, but this server runs ${wanted}; build it for ${wanted} too`);
    }
  }
  if (wrong.length === 0) return;
  const what = "nothing was changed, since not every image can run here";
  throw new Failure("images", `${what}; solve the problems above and run slipway again`);
}
