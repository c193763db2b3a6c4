import { readImageLock } from "../../../config/images/lock.ts";
import type { ImageLock } from "../../../model/stack/images/lock.ts";

/** The images of a lock that is right. */
export function parseImageLock(text: string): ImageLock {
  const { lock, problems } = readImageLock(text);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return lock;
}
