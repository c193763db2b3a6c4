import { colours as allColours, type Colour } from "../../model/colour.ts";
import { imageVerdicts, type ImageVerdict } from "../../model/facts/images/retention.ts";
import { messageOf } from "../../model/problem.ts";
import type { CleanReport } from "../../model/session/clean.ts";
import { containersOfProject, type Container } from "../docker/container.ts";
import { Engine } from "../docker/engine.ts";
import type { ListedImage } from "../docker/image-store.ts";
import { colourPlace } from "../colours/colour.ts";
import { Colours } from "../colours/colours.ts";
import { pinsOf } from "../images/pins.ts";
import { PulledImages } from "../images/pulled.ts";
import { freeBytes } from "../images/room.ts";
import { settleWork } from "../release/settle-work.ts";
import { takeDown } from "../release/take-down.ts";
import { removeProgram, unusedPrograms } from "../session/program.ts";
import type { ServerView, View } from "../view.ts";
import type { Work } from "../work.ts";
import { keepRule, retentionFacts } from "./facts.ts";

/** Finds what nothing needs any more of a stack. */
export async function findUnneeded(view: View): Promise<Unneeded> {
  return await Engine.during("clean", async () => {
    const listed = await view.engine.store.list();
    const verdicts = imageVerdicts(await retentionFacts(view, listed), keepRule(view.state));
    return { listed, verdicts, left: await leftColours(view), free: await freeBytes(view.engine) };
  });
}

/** What nothing needs of a stack, and all that decides about it. */
interface Unneeded {
  readonly listed: readonly ListedImage[];
  readonly verdicts: readonly ImageVerdict[];
  readonly left: readonly LeftColour[];
  /** Free bytes where the engine keeps images. */
  readonly free: number;
}

/** The report about it, before anything is removed. */
export async function reportOf(found: Unneeded, view: View): Promise<CleanReport> {
  const told = (keep: boolean): CleanReport["removed"] =>
    found.verdicts
      .filter((one) => one.keep === keep)
      .map(({ image, why }) => ({ references: [...image.references], size: image.size, why }));
  return {
    removed: told(false),
    kept: told(true),
    containers: found.left.flatMap(({ containers }) => containers.map(({ name }) => name)),
    programs: unusedPrograms(view.places),
    failed: [],
    before: found.free,
    after: await freeBytes(view.engine),
  };
}

/** Removes what nothing needs. If one thing cannot be removed, the others still are. The caller holds the lease. */
export async function removeUnneeded(found: Unneeded, view: ServerView, say: Work["say"]): Promise<string[]> {
  const failed: string[] = [];
  const trying = async (what: string, act: () => Promise<void> | void): Promise<void> => {
    try {
      await act();
    } catch (error) {
      failed.push(`${what}: ${messageOf(error)}`);
    }
  };
  for (const { colour, colours } of found.left)
    await trying(colour, () => takeDown(colours.place, colour, settleWork(view, say, "-")));
  const gone = new Set<string>();
  for (const { image } of found.verdicts.filter(({ keep }) => !keep)) {
    await trying(image.references[0] ?? image.id, async () => {
      const pins = pinsOf(found.listed.find(({ id }) => id === image.id) ?? { tags: [] }, view.places.stack);
      for (const name of [...pins, ...image.references]) await view.engine.store.untag(name);
      image.references.forEach((one) => gone.add(one));
    });
  }
  if (gone.size > 0) await trying("pulled", () => new PulledImages(view.places).forget(gone));
  for (const { path } of unusedPrograms(view.places)) await trying(path, () => removeProgram(view.places, path));
  return failed;
}

interface LeftColour {
  readonly colour: Colour;
  readonly colours: Colours;
  readonly containers: readonly Container[];
}

/** Colours with containers that neither serve nor are kept: what a run left that was killed. */
async function leftColours(view: View): Promise<LeftColour[]> {
  const colours = Colours.now(view);
  if (colours?.live === undefined) return [];
  const all = await view.containers();
  return allColours.flatMap((colour) => {
    const { state } = colours.of(colour) ?? {};
    if (state === "live" || state === "warm") return [];
    const containers = containersOfProject(all, colourPlace(colours.place, colour).project);
    return containers.length === 0 ? [] : [{ colour, colours, containers }];
  });
}
