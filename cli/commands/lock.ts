import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { replaceFile } from "../../config/replace-file.ts";
import { imagesToLock, readImageLock, type TaggedImage } from "../../config/images/lock.ts";
import { guess } from "../../model/guess.ts";
import { UserError } from "../../model/problem.ts";
import { imageLockFile, imageLockText, type ImageLock } from "../../model/stack/images/lock.ts";
import { describeLockChange, lacks, lockChanges, lockProblems } from "../../model/stack/images/lock-changes.ts";
import { lookUpImages, type LookUps } from "../../registry/look-up.ts";
import { exitCodes } from "../exit-code.ts";
import { unknownWords, usageError } from "../options.ts";
import { print } from "../output.ts";
import { readProjectImages, withoutRepeats, withRegistries, type StackImages } from "../project-images.ts";
import type { Call, Command } from "./command.ts";

/** `slipway lock`: looks up the digests of all tags, and writes them into slipway.lock. */
export const lock: Command = {
  name: "lock",
  usage: "[--check | --update [<service> …]]",
  summary: "writes the digest of each image that is named by tag into slipway.lock",
  details: [
    "",
    "It reads the compose files of all stacks of the project, and asks the registries of the images. It needs neither",
    "key, state nor server. Digests that slipway.lock has already stay, images that no stack uses are removed.",
    "--update looks up the named services again, or all, and shows old and new. The proxy is called slipway-proxy.",
    "--check changes nothing and asks no registry: it fails if slipway.lock is not what the compose files need.",
    "Logins are those of `registries`, of the CI job, and of `docker login` on this machine.",
    "docs/images.md shows an example.",
  ],
  run: lockImages,
};

interface LockOptions {
  readonly check: boolean;
  /** Services whose images are looked up again; undefined for none, empty for all. */
  readonly update: readonly string[] | undefined;
}

async function lockImages(call: Call): Promise<number> {
  const { check, update } = optionsOf(call);
  const { root, stacks } = await readProjectImages(call);
  const file = join(root, imageLockFile);
  const text = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  const { lock: before } = readImageLock(text);
  const wanted = stacks.flatMap(({ draft, stack }) => imagesToLock(draft, stack));
  if (check) return checkLock(text, before, wanted);
  const again = (one: TaggedImage): boolean => update?.length === 0 || update?.includes(one.service) === true;
  ensureServicesAreLocked(update ?? [], wanted);
  const after = await newLock(before, wanted, { stacks, call, again });
  printReleased(stacks);
  const changes = lockChanges(before, after);
  for (const change of changes) print(describeLockChange(change));
  const written = imageLockText(after);
  const count = Object.keys(after).length;
  if (count === 0 && text === undefined) {
    print("no stack has an image for slipway.lock");
    return exitCodes.done;
  }
  if (written !== text) replaceFile(file, written);
  const images = `${count} ${count === 1 ? "image" : "images"}`;
  print(`${imageLockFile}: ${images}, ${changes.length === 0 ? "nothing changed" : `${changes.length} changed`}`);
  return exitCodes.done;
}

function optionsOf(call: Call): LockOptions {
  if (call.stacks.length > 0)
    throw usageError("--stack", "is not for this command, since slipway.lock is for all stacks", "leave it out");
  try {
    const { values, positionals } = parseArgs({
      ...{ args: [...call.words], allowPositionals: true },
      options: { check: { type: "boolean" }, update: { type: "boolean" } },
    });
    const { check = false, update = false } = values;
    if (check && update) throw usageError("--check", "changes nothing, and --update does", "leave one of them out");
    if (!update && positionals.length > 0)
      throw usageError(positionals.join(" "), "is for --update alone", "add --update, or leave it out");
    return { check, update: update ? positionals : undefined };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unknownWords(call, "lock", error);
  }
}

function checkLock(text: string | undefined, lock: ImageLock, wanted: readonly TaggedImage[]): number {
  const problems = lockProblems(lock, wanted);
  if (problems.length === 0 && text !== undefined && text !== imageLockText(lock)) {
    const what = "is not as `slipway lock` writes it";
    problems.push({ path: imageLockFile, what, todo: "run `slipway lock`, and change the file by that command alone" });
  }
  if (problems.length > 0) throw new UserError(problems);
  const { length } = Object.keys(lock);
  const all = length === 1 ? "the image" : `all ${length} images`;
  print(length === 0 ? "no stack has an image for slipway.lock" : `${imageLockFile}: has ${all}`);
  return exitCodes.done;
}

function ensureServicesAreLocked(names: readonly string[], wanted: readonly TaggedImage[]): void {
  const known = [...new Set(wanted.map(({ service }) => service))].sort();
  const problems = names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const what = `is no service whose image is named by tag, got '${name}'`;
      return { path: "--update", what, todo: guess(name, known) };
    });
  if (problems.length > 0) throw new UserError(problems);
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

/** Says which images are not looked up, since they come with a release. */
function printReleased(stacks: readonly StackImages[]): void {
  const released = stacks.flatMap(({ stack }) => stack.services.filter(({ imageFrom }) => imageFrom === "release"));
  for (const name of new Set(released.map((service) => service.name)))
    print(`  ${name}: its image comes with the release document`);
}
