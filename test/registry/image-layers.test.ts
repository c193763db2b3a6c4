import { describe, expect, it } from "vitest";
import { imageLayers } from "../../registry/image-layers.ts";
import { StubRegistry, sumOf } from "./stub-registry.ts";

const layers = [
  { diff: sumOf("one"), size: 10 },
  { diff: sumOf("two"), size: 20 },
];

describe("the layers of an image", () => {
  it("are those of the server's platform, by their unpacked sums and packed sizes", async () => {
    const stub = await StubRegistry.start();
    const amd = stub.image("web:amd", { layers });
    const arm = stub.image("web:arm", { platform: "linux/arm64" });
    const index = stub.index("web:1", [
      { digest: arm, platform: "linux/arm64" },
      { digest: amd, platform: "linux/amd64" },
    ]);
    const images = [index, amd].map((digest) => `${stub.address}/web@${digest}`);
    const found = await imageLayers({ images, platform: "linux/amd64", logins: [], environment: {} });
    expect(found).toEqual({ [images[0] ?? ""]: layers, [images[1] ?? ""]: layers });
  });

  it("are not known of an image that its registry does not have, or not for the platform; nothing fails", async () => {
    const stub = await StubRegistry.start();
    const index = stub.index("web:1", [{ digest: sumOf("none"), platform: "linux/s390x" }]);
    const images = [index, sumOf("gone")].map((digest) => `${stub.address}/web@${digest}`);
    expect(await imageLayers({ images, platform: "linux/amd64", logins: [], environment: {} })).toEqual({});
  });
});
