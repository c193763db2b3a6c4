import { describe, expect, it } from "vitest";
import { roomForLayers } from "../../../../model/facts/images/room.ts";

const megabyte = 1024 ** 2;
const layers = [
  { diff: "sha256:a", size: 100 * megabyte },
  { diff: "sha256:b", size: 10 * megabyte },
];

describe("the disk of a server", () => {
  it("has room for images if it takes their missing layers, packed and unpacked", () => {
    expect(roomForLayers(layers, new Set(), 330 * megabyte)).toBeUndefined();
  });

  it("rejects images that it cannot take, and says what they need and what it has", () => {
    expect(roomForLayers(layers, new Set(), 329 * megabyte)).toEqual({
      what: "the disk has no room for the images: a pull needs 330 MB, has 329 MB",
      todo: "make room with `slipway clean`, or use a larger disk; nothing was pulled",
    });
  });

  it("needs room for each layer once, and for none that is there", () => {
    expect(roomForLayers([...layers, ...layers], new Set(["sha256:a"]), 30 * megabyte)).toBeUndefined();
    expect(roomForLayers(layers, new Set(["sha256:a", "sha256:b"]), 0)).toBeUndefined();
  });
});
