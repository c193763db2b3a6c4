import { expect, test } from "vitest";
import { readDraft } from "../../../config/draft.ts";
import { releaseImages, releaseOf } from "../../../config/release/document.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { deployment, digest, service } from "../../model/stack/aaperture.ts";

const { draft } = readDraft({ texts: {}, environment: {}, stack: "staging" });

test.each([
  ["1.4", "shop/web:1.4"],
  ["web:1.4", "web:1.4"],
  ["localhost/web", "localhost/web"],
  [digest("web", "1"), digest("web", "1")],
])("the image of a release that is given as %s is %s", (given, expected) => {
  const stack = stackOf(deployment([service("web", { image: "shop/web" })], { web: { release: true } }));
  const { images, problems } = releaseImages([{ draft, stack }], { web: { path: "--image web", value: given } });
  expect({ images: images.map(({ image }) => image), problems }).toEqual({ images: [expected], problems: [] });
});

test("a release document has its images by the names of their services, however they were given", () => {
  const images = { web: digest("web:1.4", "1"), api: digest("api:1.4", "2") };
  const { release } = releaseOf({ version: undefined, commit: undefined, images });
  expect(release?.version).toBe("1.4");
  expect(Object.keys(release?.images ?? {})).toEqual(["api", "web"]);
});
