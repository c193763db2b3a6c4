import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { release } from "../../../cli/commands/release.ts";
import { readRelease } from "../../../config/release/release.ts";
import { StubRegistry } from "../../registry/stub-registry.ts";
import { ProjectWithImages } from "./project-with-images.ts";

let stub: StubRegistry;
let project: ProjectWithImages;
let web: string;
let api: string;

beforeEach(async () => {
  stub = await StubRegistry.start();
  web = stub.image("shop/web:1.4.2", { labels: { "org.opencontainers.image.version": "1.4.2" } });
  api = stub.image("shop/api:1.4.2");
  project = new ProjectWithImages(
    [
      "services:",
      `  web: { build: web, image: "${stub.address}/shop/web:\${TAG:-latest}" }`,
      `  api: { build: api, image: "${stub.address}/shop/api" }`,
      `  worker: { image: "${stub.address}/shop/api", build: api }`,
      `  migrate: { image: "${stub.address}/shop/api", command: migrate }`,
      "  mailer: { build: mailer, profiles: [mail] }",
      "  db: { image: postgres:17 }",
    ].join("\n"),
    {
      staging:
        "  shop:services: { web: { release: true }, api: { release: true } }\n  shop:migration: { service: migrate }\n",
    },
  );
});
afterEach(() => project.remove());

const both = ["--image", "web=1.4.2", "--image", "api=1.4.2"];

describe("slipway release", () => {
  it("writes the document that a deployment reads, from tags of the compose file's images", async () => {
    const said = await project.run(release, both);
    const name = (repository: string, digest: string): string => `${stub.address}/shop/${repository}:1.4.2@${digest}`;
    const short = (repository: string, digest: string): string => `${name(repository, digest.slice(0, 19))}…`;
    expect(said).toBe(
      [
        `  web: ${short("web", web)} (1.4.2, linux/amd64)`,
        `  api: ${short("api", api)} (linux/amd64)`,
        `  migrate: ${short("api", api)} (linux/amd64)`,
        `  worker: ${short("api", api)} (linux/amd64)`,
        `release 1.4.2: wrote ${join(project.folder, "release.json")}\n`,
      ].join("\n"),
    );
    expect(readRelease("release.json", project.read("release.json"))).toEqual({
      release: {
        version: "1.4.2",
        images: { api: name("api", api), migrate: name("api", api), web: name("web", web), worker: name("api", api) },
      },
      problems: [],
    });
  });

  it("takes whole names, a version, a commit and a file", async () => {
    stub.image("other/web:2");
    const words = ["--image", `web=${stub.address}/other/web:2`, "--image", `api=${stub.address}/shop/api@${api}`];
    const out = join(project.folder, "out.json");
    await project.run(release, [...words, "--version", "2-rc", "--commit", "0123456789abcdef", "--out", out]);
    expect(JSON.parse(project.read("out.json"))).toMatchObject({
      version: "2-rc",
      commit: "0123456789abcdef",
      images: { api: `${stub.address}/shop/api@${api}` },
    });
  });

  it("rejects everything that is wrong at once, and writes nothing", async () => {
    project.write("Pulumi.staging.yaml", `${project.read("Pulumi.staging.yaml")}  shop:platforms: ["linux/arm64"]\n`);
    const words = ["--image", "wep=1", "--image", "web=1.4.2", "--image", "mailer=1", "--commit", "HEAD"];
    await expect(project.run(release, [...words, "--version", "a{{b"])).rejects.toMatchObject({
      problems: [
        { path: "--commit", what: "is not a commit, got 'HEAD'" },
        {
          path: "--image",
          what: "is missing for 'api' and 'migrate' and 'worker', whose image comes with the release",
          todo: "add --image api=registry/repository:tag",
        },
        { path: "--image mailer", what: "is not a service of the compose files" },
        {
          path: "--image web",
          what: expect.stringContaining("has no image for linux/arm64, but for linux/amd64") as string,
        },
        { path: "--image wep", todo: "did you mean 'web'" },
      ],
    });
    expect(() => project.read("release.json")).toThrow("ENOENT");
  });

  it("rejects a tag alone where the compose file names no image, and a tag that is not there", async () => {
    project.write("compose.yaml", "services:\n  web: { build: . }\n  api: { build: . }\n");
    project.write("Pulumi.staging.yaml", "config: {}\n");
    await expect(
      project.run(release, ["--image", "web=1", "--image", `api=${stub.address}/shop/api:9`]),
    ).rejects.toThrow(
      /^--image api: .* has no tag '9'.*\n--image web: is a tag alone, .*; write it as registry\/repository:1$/,
    );
  });

  it("rejects an image for a service whose image does not come with a release", async () => {
    project.write("slipway.lock", "images: {}\n");
    await expect(project.run(release, [...both, "--image", "db=18"])).rejects.toThrow(
      "--image db: does not come with a release: slipway.lock has the digest of its tag; " +
        "leave it out, or add `build` to the service in the compose file if it is built for each release",
    );
  });

  it("rejects a folder in place of the document, before it asks a registry", async () => {
    project.write("release.json/kept", "");
    await expect(project.run(release, both)).rejects.toThrow("release.json: is a folder; remove it, or name another");
    await expect(project.run(release, [...both, "--out", project.folder])).rejects.toThrow("--out: is a folder, got '");
    expect(stub.questions).toEqual([]);
  });

  it("needs no image that the compose file names by digest", async () => {
    project.write("compose.yaml", `services:\n  web: { image: "${stub.address}/shop/web@${web}" }\n`);
    project.write("Pulumi.staging.yaml", "config:\n  shop:services: { web: { release: true } }\n");
    await project.run(release, ["--version", "1.4.2"]);
    expect(JSON.parse(project.read("release.json"))).toEqual({ version: "1.4.2", images: {} });
  });

  it("asks for no version where an image is wrong, since the right ones may have a tag in common", async () => {
    const problems = ["--image", "--image", "--image wroker"].map((path) => ({ path }));
    await expect(project.run(release, ["--image", "wroker=1.4.2"])).rejects.toMatchObject({ problems });
  });

  it("rejects images without a common tag where no version names the release", async () => {
    stub.image("shop/api:latest");
    stub.image("shop/web:latest");
    const latest = ["--image", "web=latest", "--image", "api=latest"];
    await expect(project.run(release, latest)).rejects.toThrow("--version: is missing");
    const words = ["--image", "web=1.4.2", "--image", "api=latest"];
    await expect(project.run(release, words)).rejects.toThrow(
      "--version: is missing, and the images have no tag in common",
    );
    await project.run(release, [...words, "--version", "1"]);
    expect(project.read("release.json")).toContain("latest@sha256");
  });

  it.each([[[]], [["--image", "web"]], [["--image", "web=1", "--image", "web=2"]], [["--imgae", "web=1"]]])(
    "rejects the words %j",
    async (words) => {
      await expect(project.run(release, words)).rejects.toMatchObject({ usage: true });
    },
  );
});
