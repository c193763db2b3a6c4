import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readImageLock } from "../../../config/images/lock.ts";
import { describeProblem } from "../../../model/problem.ts";
import { imageLockText } from "../../../model/stack/images/lock.ts";
import { digest, rightStack, TrialRepository } from "../trial-repository.ts";

const sum = `sha256:${"0123456789abcdef".repeat(4)}`;
const entry = { digest: sum, platforms: ["linux/amd64"] };
const noImage = { release: { file: "none.json" }, services: {}, ports: {} };

let trial: TrialRepository;
beforeEach(() => {
  trial = new TrialRepository();
  trial.write("compose.yaml", "services:\n  cache:\n    image: redis\n  web: { image: 'nginx:1.27' }\n");
});
afterEach(() => trial.remove());

describe("slipway.lock", () => {
  it("gives the digest of each tag, also where the compose file writes the tag in another form", async () => {
    trial.write("slipway.lock", imageLockText({ "redis:latest": entry, "nginx:1.27": entry }));
    const { stack } = await trial.load(noImage);
    expect(stack.services.map(({ image }) => image)).toEqual([`redis:latest@${sum}`, `nginx:1.27@${sum}`]);
  });

  it("is required for each tag, and a lock for another tag is said so", async () => {
    trial.write("slipway.lock", imageLockText({ "nginx:1.26": entry }));
    expect(await trial.problems(noImage)).toEqual([
      "slipway.lock: has no digest for 'redis:latest', the image of 'cache'; run `slipway lock`",
      "slipway.lock: has no digest for 'nginx:1.27', the image of 'web', only for 'nginx:1.26'; run `slipway lock`",
    ]);
  });

  it("has the proxy's image, which is traefik:v3.6 unless the stack names one", async () => {
    trial.write("compose.yaml", "services:\n  api: { image: example/api, build: ., ports: ['8080'] }\n");
    trial.write("release.json", JSON.stringify({ version: "1", images: { api: digest("example/api") } }));
    const stack = { services: { api: { release: true } }, ports: { api: 18080 }, proxy: {} };
    expect(await trial.problems(stack)).toEqual([
      "slipway.lock: has no digest for 'traefik:v3.6', the image of the proxy; run `slipway lock`",
    ]);
    trial.write("slipway.lock", imageLockText({ "traefik:v3.6": entry, "traefik:v3.5": entry }));
    expect((await trial.load(stack)).stack.proxy.image).toBe(`traefik:v3.6@${sum}`);
    const set = { ...stack, proxy: { image: "docker.io/library/traefik:v3.5" } };
    expect((await trial.load(set)).stack.proxy.image).toBe(`docker.io/library/traefik:v3.5@${sum}`);
  });

  it("does not decide the image of a release service, or of one with the same image", async () => {
    trial.write("compose.yaml", "services:\n  api: { image: example/api }\n  worker: { image: example/api }\n");
    trial.write("slipway.lock", imageLockText({ "example/api:latest": entry, "traefik:v3.6": entry }));
    trial.write("release.json", JSON.stringify({ version: "1", images: { api: digest("other/api") } }));
    const { stack } = await trial.load({ services: { api: { release: true } }, ports: {}, proxy: {} });
    expect(stack.services.map(({ image }) => image)).toEqual([digest("other/api"), digest("other/api")]);
  });

  it("has an image whose name has variables by its value, also where a release service names the same", async () => {
    const image = '"${REGISTRY:-registry.test}/api:${TAG:-1}"';
    trial.write("compose.yaml", `services:\n  api: { image: ${image} }\n  worker: { image: ${image} }\n`);
    trial.write("slipway.lock", imageLockText({ "registry.test/api:2": entry, "traefik:v3.6": entry }));
    const keys = { ports: {}, proxy: {}, variables: { TAG: "2" } };
    const shared = await trial.load({ ...noImage, ...keys });
    expect(shared.stack.services[0]?.image).toBe(`registry.test/api:2@${sum}`);
    trial.write("release.json", JSON.stringify({ version: "1", images: { api: digest("other/api") } }));
    const { stack } = await trial.load({ ...keys, services: { api: { release: true } } });
    expect(stack.services.map(({ imageFrom }) => imageFrom)).toEqual(["release", "release"]);
  });

  it("is not asked for an image that the compose file names by digest", async () => {
    trial.write("compose.yaml", `services:\n  cache: { image: "${digest("redis:8")}" }\n`);
    expect(await trial.problems(noImage)).toEqual([]);
  });

  it("rejects the name of an image that no registry can have", async () => {
    trial.write("compose.yaml", "services:\n  cache: { image: 'Redis:8:9' }\n");
    expect(await trial.problems(noImage)).toEqual([
      "slipway.lock: 'Redis:8:9', the image of 'cache', is not an image name; " + "write it as registry/repository:tag",
    ]);
  });

  it("is rejected if it has an image that is not for the stack's platform", async () => {
    trial.write("slipway.lock", imageLockText({ "redis:latest": entry, "nginx:1.27": entry }));
    trial.write(
      "compose.yaml",
      "services:\n  cache: { image: redis, platform: linux/amd64 }\n  web: { image: 'nginx:1.27' }\n",
    );
    expect(await trial.problems({ ...noImage, platforms: ["linux/arm64", "linux/amd64"] })).toEqual([
      "slipway.lock: has 'nginx:1.27', the image of 'web', not for linux/arm64; " +
        "run `slipway lock`, which looks for that platform",
    ]);
  });
});

describe("the text of slipway.lock", () => {
  it("is the same for equal locks, and reads the same again", () => {
    const images = {
      "postgres:17-alpine": { digest: sum, platforms: ["linux/arm64", "linux/amd64"], version: "1.10" },
      "[::1]:5000/a:1": entry,
      "ghcr.io/acme/cache:no": { ...entry, version: "no" },
    };
    const text = imageLockText(images);
    expect(text).toBe(
      [
        "# Written by `slipway lock`. Commit it, and change it only with that command.",
        "images:",
        '  "[::1]:5000/a:1":',
        `    digest: ${sum}`,
        "    platforms: [linux/amd64]",
        "  ghcr.io/acme/cache:no:",
        `    digest: ${sum}`,
        "    platforms: [linux/amd64]",
        "    version: no",
        "  postgres:17-alpine:",
        `    digest: ${sum}`,
        "    platforms: [linux/amd64, linux/arm64]",
        '    version: "1.10"\n',
      ].join("\n"),
    );
    const { lock } = readImageLock(text);
    expect(imageLockText(lock)).toBe(text);
    expect(imageLockText(Object.fromEntries(Object.entries(lock).reverse()))).toBe(text);
    expect(lock["ghcr.io/acme/cache:no"]?.version).toBe("no");
  });

  it.each([
    [
      "a conflict of two branches",
      "images:\n<<<<<<< HEAD\n  a: b\n",
      /^slipway\.lock:\d: is not YAML: .*; restore it from git/,
    ],
    [
      "a name without a tag",
      `images: { redis: { digest: "${sum}", platforms: [] } }`,
      /images\.redis: is not the name of an image with its tag, /,
    ],
    [
      "a digest that is cut",
      "images: { 'redis:8': { digest: 'sha256:0', platforms: [] } }",
      /images\.redis:8\.digest: is not a digest of an image/,
    ],
    ["nothing", "", /^slipway\.lock: is not of type map/],
    ["a name that every object has", "images: { constructor: 1 }", /images\.constructor: is not the name/],
  ])("rejects %s", (_, text, expected) => {
    const { lock, problems } = readImageLock(text);
    expect(lock).toEqual({});
    expect(problems.map(describeProblem)).toEqual([expect.stringMatching(expected)]);
    expect(problems[0]?.todo).toBe("restore it from git, or remove it and run `slipway lock`");
  });

  it("stops a run if it cannot be read", async () => {
    trial.write("slipway.lock", "images: [");
    expect(
      (await trial.problems({ ...rightStack, ...noImage })).some((line) => line.startsWith("slipway.lock:1:")),
    ).toBe(true);
  });
});
