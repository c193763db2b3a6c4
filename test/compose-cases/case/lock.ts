import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, isMap } from "yaml";
import { z } from "zod";
import { imagesToLock } from "../../../config/images/lock.ts";
import { readOfflineImages } from "../../../config/offline.ts";
import type { Stack } from "../../../model/stack/stack.ts";
import { imageLockFile, imageLockText, type LockedImage } from "../../../model/stack/images/lock.ts";

const imagesByService = z.record(z.string(), z.string());
const releaseFile = z.looseObject({ images: imagesByService });
const stackFile = z.looseObject({ config: z.record(z.string(), z.unknown()) });

/** A digest that no registry has. */
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

type Images = Readonly<Record<string, string>>;

/**
 * Gives a case the form that images have now: slipway.lock has a made-up digest for each tag, in the place of the key
 * `images` of the cases, and the release document has everything that comes with a release, and nothing else.
 */
export async function lockCase(folder: string): Promise<void> {
  const removed = removeImages(join(folder, "Pulumi.production.yaml"));
  const environment = { PATH: process.env["PATH"] };
  const { draft, stack } = await readOfflineImages({ folder, stack: "production", environment });
  if (stack === undefined) return;
  const images = imagesToLock(draft, stack).map(({ name, platforms }): [string, LockedImage] => {
    return [name, { digest, platforms: [...platforms] }];
  });
  writeFileSync(join(folder, imageLockFile), imageLockText(Object.fromEntries(images)));
  writeRelease(join(folder, draft.release.file), stack, removed);
}

/** Removes the key `images`, and returns what it had. */
function removeImages(file: string): Images {
  const document = parseDocument(readFileSync(file, "utf8"));
  const config = document.get("config");
  if (!isMap(config)) return {};
  const [key] = config.items.map((item) => String(item.key)).filter((name) => name.endsWith(":images"));
  if (key === undefined) return {};
  const { config: values } = stackFile.parse(document.toJS());
  config.delete(key);
  writeFileSync(file, document.toString());
  return imagesByService.parse(values[key]);
}

function writeRelease(file: string, { services }: Stack, more: Images): void {
  if (!existsSync(file)) return;
  const document = releaseFile.parse(JSON.parse(readFileSync(file, "utf8")));
  const others = services.filter(({ imageFrom }) => imageFrom !== "release").map(({ name }) => name);
  const known = services.map(({ name }) => name);
  const images = Object.entries({ ...more, ...document.images }).filter(
    ([name]) => !others.includes(name) && (known.includes(name) || document.images[name] !== undefined),
  );
  writeFileSync(file, JSON.stringify({ ...document, images: Object.fromEntries(images) }));
}
