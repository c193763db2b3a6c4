import { join } from "node:path";
import { imagesToLock, readImageLock, type TaggedImage } from "../../config/images/lock.ts";
import { readTextFile, replaceFile } from "../../config/whole-file.ts";
import { guess } from "../../model/guess.ts";
import { UserError } from "../../model/problem.ts";
import type { Line, Tone } from "../../model/report/tone.ts";
import { imageLockFile, imageLockText, type ImageLock } from "../../model/stack/images/lock.ts";
import {
  describeLockChange,
  lacks,
  lockChanges,
  lockProblems,
  type LockChange,
} from "../../model/stack/images/lock-changes.ts";
import { lookUpImages, type LookUps } from "../../registry/look-up.ts";
import { exitCodes } from "../exit-code.ts";
import { usageError } from "../options.ts";
import { print } from "../output.ts";
import { readProjectImages, withoutRepeats, withRegistries, type StackImages } from "../project-images.ts";
import * as declared from "../declaration/images.ts";
import { command, type Answer, type Call, type CallOf } from "./command.ts";

/** `slipway lock`: looks up the digests of all tags, and writes them into slipway.lock. */
export const lock = command(declared.lock, lockImages);

const nothingToLock = "no stack has an image for slipway.lock";

interface LockOptions {
  readonly check: boolean;
  /** Services whose images are looked up again; undefined for none, empty for all. */
  readonly update: readonly string[] | undefined;
}

async function lockImages(call: CallOf<typeof declared.lock>): Promise<Answer> {
  const { check, update } = optionsOf(call);
  const { root, stacks } = await readProjectImages(call);
  const file = join(root, imageLockFile);
  const text = readTextFile(file, imageLockFile);
  const { lock: before } = readImageLock(text);
  const wanted = stacks.flatMap(({ draft, stack }) => imagesToLock(draft, stack));
  if (check) return checkLock(text, before, wanted);
  const again = (one: TaggedImage): boolean => update?.length === 0 || update?.includes(one.service) === true;
  ensureServicesAreLocked(update ?? [], wanted);
  const after = await newLock(before, wanted, { stacks, call, again });
  const changes = lockChanges(before, after);
  const written = imageLockText(after);
  const count = Object.keys(after).length;
  const none = count === 0 && text === undefined;
  if (written !== text && !none) replaceFile(file, written, { place: imageLockFile });
  const images = `${count} ${count === 1 ? "image" : "images"}`;
  const changed = changes.length === 0 ? "nothing changed" : `${changes.length} changed`;
  const lines: Line[] = [
    ...releasedLines(stacks),
    ...changes.map((change): Line => [{ tone: toneOf(change), text: describeLockChange(change) }]),
    none ? nothingToLock : `${imageLockFile}: ${images}, ${changed}`,
  ];
  return {
    exitCode: exitCodes.done,
    json: { images: after, changes },
    show: () => lines.forEach((line) => print(line)),
  };
}

function optionsOf({ options, words }: CallOf<typeof declared.lock>): LockOptions {
  const { check = false, update = false } = options;
  if (check && update) throw usageError("--check", "changes nothing, and --update does", "leave one of them out");
  if (!update && words.length > 0)
    throw usageError(words.join(" "), "is for --update alone", "add --update, or leave it out");
  return { check, update: update ? words : undefined };
}

function checkLock(text: string | undefined, lock: ImageLock, wanted: readonly TaggedImage[]): Answer {
  const problems = lockProblems(lock, wanted);
  if (problems.length === 0 && text !== undefined && text !== imageLockText(lock)) {
    const what = "is not as `slipway lock` writes it";
    problems.push({ path: imageLockFile, what, todo: "run `slipway lock`, and change it only with that command" });
  }
  if (problems.length > 0) throw new UserError(problems);
  const { length } = Object.keys(lock);
  const all = length === 1 ? "the image" : `all ${length} images`;
  const said = length === 0 ? nothingToLock : `${imageLockFile}: has ${all}`;
  return { exitCode: exitCodes.done, json: { images: lock, changes: [] }, show: () => print(said) };
}

function ensureServicesAreLocked(names: readonly string[], wanted: readonly TaggedImage[]): void {
  const known = [...new Set(wanted.map(({ service }) => service))].sort();
  const problems = names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const what = `is not a service whose image is named by tag, got '${name}'`;
      return { path: "--update", what, todo: guess(name, known) };
    });
  if (problems.length > 0) throw new UserError(problems);
}

function toneOf({ before, after }: LockChange): Tone {
  return before === undefined ? "added" : after === undefined ? "removed" : "changed";
}

interface LookUpRequest {
  readonly stacks: readonly StackImages[];
  readonly call: Call;
  /** Tells an image that is looked up although the lock has it. */
  readonly again: (image: TaggedImage) => boolean;
}

/** The lock with everything that it lacked; throws every problem, and then nothing is written. */
async function newLock(before: ImageLock, wanted: readonly TaggedImage[], request: LookUpRequest): Promise<ImageLock> {
  const { stacks, call, again } = request;
  const asked = new Set(wanted.filter((one) => lacks(before, one) || again(one)).map(({ name }) => name));
  const lookedUp = wanted.filter(({ name }) => asked.has(name)).map((one) => ({ ...one, image: one.name }));
  const { images, problems }: LookUps = await withRegistries(stacks, call.environment, (client) =>
    lookUpImages(client, lookedUp),
  );
  if (problems.length > 0) throw new UserError(withoutRepeats(problems));
  const entries = wanted.flatMap(({ name }): [string, ImageLock[string]][] => {
    const found = images.get(name);
    if (found === undefined) return before[name] === undefined ? [] : [[name, before[name]]];
    const { digest, platforms, version } = found;
    return [[name, { digest, platforms: [...platforms], ...(version !== undefined && { version }) }]];
  });
  return Object.fromEntries(entries);
}

/** The images that are not looked up, since they come with a release. */
function releasedLines(stacks: readonly StackImages[]): string[] {
  const released = stacks.flatMap(({ stack }) => stack.services.filter(({ imageFrom }) => imageFrom === "release"));
  const names = [...new Set(released.map(({ name }) => name))];
  return names.map((name) => `  ${name}: its image comes from the release document`);
}
