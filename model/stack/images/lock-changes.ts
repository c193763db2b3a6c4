import { distinctProblems, type Problem } from "../../problem.ts";
import { imageLockFile, type ImageLock, type LockedImage } from "./lock.ts";

/** An image that the lock should hold. */
interface WantedInLock {
  /** Its name with the tag. */
  readonly name: string;
  readonly service: string;
  readonly platforms: readonly string[];
}

/** One image whose entry in the lock changes; without one before it is new, without one after it is removed. */
export interface LockChange {
  readonly name: string;
  readonly before: LockedImage | undefined;
  readonly after: LockedImage | undefined;
}

/** Tells an image that has to be looked up, since the lock lacks it, or one of its platforms. */
export function lacks(lock: ImageLock, { name, platforms }: WantedInLock): boolean {
  const held = lock[name];
  return held === undefined || platforms.some((platform) => !held.platforms.includes(platform));
}

/** Everything that differs between the lock and what it should hold, as problems. No registry is asked. */
export function lockProblems(lock: ImageLock, wanted: readonly WantedInLock[]): Problem[] {
  const todo = "run `slipway lock`";
  const missing = wanted.flatMap((one): Problem[] => {
    if (!lacks(lock, one)) return [];
    const held = lock[one.name];
    const without = one.platforms.filter((platform) => held?.platforms.includes(platform) !== true).join(" and ");
    const what = held === undefined ? "has no digest for" : `has nothing for ${without} of`;
    return [{ path: imageLockFile, what: `${what} '${one.name}', the image of '${one.service}'`, todo }];
  });
  const unused = Object.keys(lock)
    .filter((name) => !wanted.some((one) => one.name === name))
    .map((name) => ({ path: imageLockFile, what: `has '${name}', which no stack uses`, todo }));
  return distinctProblems([...missing, ...unused]);
}

/** The changes from one lock to another, by name. */
export function lockChanges(before: ImageLock, after: ImageLock): readonly LockChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .map((name) => ({ name, before: before[name], after: after[name] }))
    .filter(({ before: old, after: new_ }) => JSON.stringify(old) !== JSON.stringify(new_));
}

/** A change in one line, as `slipway lock` prints it. */
export function describeLockChange({ name, before, after }: LockChange): string {
  if (before === undefined) return `+ ${name}: ${describe(after)}`;
  if (after === undefined) return `- ${name}: no stack uses it`;
  if (before.digest === after.digest) return `~ ${name}: ${describe(after)}, as before`;
  return `~ ${name}: ${describe(before)} → ${describe(after)}`;
}

/** A digest, cut, with the version where it is known. */
function describe(image: LockedImage | undefined): string {
  const { digest = "", version } = image ?? {};
  const short = `${digest.slice(0, "sha256:".length + 12)}…`;
  return version === undefined ? short : `${version} (${short})`;
}
