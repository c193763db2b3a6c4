import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { images } from "../../../host/verbs/images.ts";
import { loadEmptyImage } from "../../hosts/image/empty-image.ts";
import { base } from "../../hosts/image/images.ts";
import { recipeTag } from "../../hosts/image/recipe.ts";
import { ensureImages } from "../../hosts/image/store.ts";
import { testServer } from "../../host/verbs/server.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
});

const here = recipeTag(base);
/** Nothing listens on this port. */
const unreachable = ["a", "b"].map((name) => `127.0.0.1:9/${name}@sha256:${name.repeat(64)}`);

describe("the images of a stack", () => {
  it("that are on the server already are not pulled", async () => {
    const { said, work } = testServer();
    expect(await images.differences({ images: { [here]: "web" } }, work("images"))).toEqual([]);
    expect(await images.apply({ images: { [here]: "web" } }, work("images"))).toEqual({});
    expect(said).toEqual([]);
  });

  it("rejects those that cannot be pulled, all in one run, with their services and registry (F26)", async () => {
    const { said, work } = testServer();
    const [first = "", second = ""] = unreachable;
    const body = { images: { [here]: "web", [first]: "api", [second]: "worker cron" } };
    expect(await images.differences(body, work("images"))).toMatchObject([{ found: "missing" }, { found: "missing" }]);
    await expect(images.apply(body, work("images"))).rejects.toThrow(
      "nothing was changed, since not every image can run here",
    );
    expect(said).toEqual([
      "images: pulls 2 of 3",
      expect.stringMatching(/^images: '.*\/a@sha256:a+' of api cannot be pulled from 127\.0\.0\.1:9: .*refused/),
      expect.stringMatching(
        /^images: '.*\/b@sha256:b+' of worker cron cannot be pulled from 127\.0\.0\.1:9: .*refused/,
      ),
    ]);
  });

  it("rejects those for another architecture before anything changes, with what to build (F32)", async () => {
    const { folder, said, unique, work } = testServer();
    const other = `${unique}:arm64`;
    loadEmptyImage(folder, other, "arm64");
    onTestFinished(() => void execFileSync("docker", ["rmi", other]));
    await expect(images.apply({ images: { [other]: "api" } }, work("images"))).rejects.toThrow("nothing was changed");
    expect(said).toEqual([
      `images: '${other}' of api is for linux/arm64, but this server runs linux/amd64; build it for linux/amd64 too`,
    ]);
  });

  it("stay when the stack goes", async () => {
    const { said, work } = testServer();
    await images.remove({ images: { [here]: "web" } }, work("images"));
    expect(said).toEqual(["images: keeps all images"]);
  });
});
