import { z } from "zod";
import { megabytes } from "../../byte-size.ts";
import type { Problem } from "../../problem.ts";

/** A layer of an image, as a registry has it. */
export const layerSchema = z.object({
  /** The sum of its unpacked content, by which an engine knows whether it has the layer. */
  diff: z.string(),
  /** Packed, in bytes. */
  size: z.number(),
});

export type Layer = z.output<typeof layerSchema>;

/** By image: its layers. An image that is missing here is of a size that is not known. */
export const layersSchema = z.record(z.string(), z.array(layerSchema));

export type Layers = z.output<typeof layersSchema>;

/**
 * The disk that a packed byte of a layer needs while it is pulled: itself, and twice as much unpacked. Layers of usual
 * images unpack to 2 to 3 times their size, and not all of them are packed at the same time.
 */
const unpacked = 3;

/** Requires room for the layers that an engine does not have yet. Layers that images share are pulled once. */
export function roomForLayers(
  wanted: readonly Layer[],
  there: ReadonlySet<string>,
  free: number,
): Omit<Problem, "path"> | undefined {
  const missing = new Map(wanted.filter(({ diff }) => !there.has(diff)).map(({ diff, size }) => [diff, size]));
  const needed = unpacked * [...missing.values()].reduce((sum, size) => sum + size, 0);
  if (needed <= free) return undefined;
  const what = `the disk has no room for the images: a pull needs ${megabytes(needed)}, has ${megabytes(free)}`;
  return { what, todo: "make room with `slipway clean`, or use a larger disk; nothing was pulled" };
}
