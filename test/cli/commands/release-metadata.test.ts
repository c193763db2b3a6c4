import { beforeEach, afterEach, describe, expect, it } from "vitest";
import { release } from "../../../cli/commands/release.ts";
import { StubRegistry } from "../../registry/stub-registry.ts";
import { ProjectWithImages } from "./project-with-images.ts";

let stub: StubRegistry;
let project: ProjectWithImages;
let web: string;
let api: string;
const commit = ["--version", "1.4.2", "--commit", "5f3c1e9a7b2d"];

beforeEach(async () => {
  stub = await StubRegistry.start();
  web = stub.image("shop/web:sha-5f3c1e9");
  api = stub.image("shop/api:sha-5f3c1e9");
  project = new ProjectWithImages(
    [
      "services:",
      `  web: { build: web, image: "${stub.address}/shop/web:\${TAG:-latest}" }`,
      `  api: { build: api, image: "${stub.address}/shop/api" }`,
      `  migrate: { image: "${stub.address}/shop/api", command: migrate }`,
    ].join("\n"),
    {
      staging:
        "  shop:services: { web: { release: true }, api: { release: true } }\n  shop:migration: { service: migrate }\n",
    },
  );
});
afterEach(() => project.remove());

const names = (repository: string): string =>
  ["latest", "sha-5f3c1e9"].map((tag) => `${stub.address}/shop/${repository}:${tag}`).join(",");

/** What a newer builder says of an image. */
const told = (repository: string, digest: string, args: Readonly<Record<string, string>> = {}): object => ({
  "containerimage.digest": digest,
  "image.name": names(repository),
  "buildx.build.provenance": { invocation: { parameters: { args } } },
});

/** Writes metadata, and makes a release from it. */
async function made(metadata: object, words: readonly string[] = [], environment = {}): Promise<unknown> {
  project.write("build.json", JSON.stringify(metadata));
  await project.run(release, ["--metadata", "build.json", ...commit, ...words], environment);
  return JSON.parse(project.read("release.json"));
}

describe("slipway release --metadata", () => {
  it("D2: takes the digests of a bake by the names under which its images were pushed", async () => {
    const name = (repository: string, digest: string): string =>
      `${stub.address}/shop/${repository}:sha-5f3c1e9@${digest}`;
    expect(await made({ "shop-web": told("web", web), server: told("api", api) })).toEqual({
      version: "1.4.2",
      commit: "5f3c1e9a7b2d",
      images: { api: name("api", api), migrate: name("api", api), web: name("web", web) },
    });
  });

  it("takes them by the names of the targets where the builder, such as Docker's own, tells no others", async () => {
    const bare = (digest: string): object => ({ "containerimage.digest": digest, "buildx.build.ref": "default/x" });
    expect(await made({ web: bare(web), api: bare(api) })).toMatchObject({
      images: {
        api: `${stub.address}/shop/api@${api}`,
        migrate: `${stub.address}/shop/api@${api}`,
        web: `${stub.address}/shop/web@${web}`,
      },
    });
  });

  it("takes the file of a single build for the service that is named, and --image for others", async () => {
    const words = ["--metadata", "web=web.json", "--image", "api=sha-5f3c1e9", ...commit];
    project.write("web.json", JSON.stringify({ "containerimage.digest": web }));
    await project.run(release, words);
    expect(JSON.parse(project.read("release.json"))).toMatchObject({
      images: { web: `${stub.address}/shop/web@${web}`, api: `${stub.address}/shop/api:sha-5f3c1e9@${api}` },
    });
  });

  it("takes the target with the service's name where several were pushed to one repository", async () => {
    stub.image("shop/api:tools", { labels: { of: "tools" } });
    const all = { web: told("web", web), api: told("api", api), tools: told("api", stub.image("shop/api:tools")) };
    expect(await made(all, ["--image", "migrate=sha-5f3c1e9"])).toMatchObject({
      images: { api: expect.stringContaining(api) as string },
    });
    await expect(made({ web: told("web", web), one: told("api", api), two: told("api", api) })).rejects.toThrow(
      "build.json: one: has the image of 'api', and so has build.json: two; " +
        "name the one that is deployed with --image api=<tag>",
    );
  });

  it("rejects a digest that is not in the registry, and one without an image for the platform (F26)", async () => {
    project.write("Pulumi.staging.yaml", `${project.read("Pulumi.staging.yaml")}  shop:platforms: ["linux/arm64"]\n`);
    const lost = `sha256:${"0".repeat(64)}`;
    await expect(made({ web: told("web", lost), api: told("api", api) })).rejects.toMatchObject({
      problems: [
        { path: "build.json: api", what: expect.stringContaining("has no image for linux/arm64") as string },
        { path: "build.json: web", what: expect.stringContaining(`has no digest '${lost}'`) as string },
      ],
    });
  });

  it("rejects every image that is of no service or was not pushed, at once, and writes nothing", async () => {
    const all = { web: { "image.name": names("web") }, webb: told("other", api), api: told("api", api), lint: {} };
    await expect(made(all)).rejects.toMatchObject({
      problems: [
        { path: "--image", what: "is missing for 'web', whose image comes with the release" },
        { path: "build.json: web", what: "has no digest: the image of 'web' was built and not pushed" },
        { path: "build.json: webb", what: "is an image of no service of the release", todo: "did you mean 'web'" },
      ],
    });
    expect(() => project.read("release.json")).toThrow("ENOENT");
  });

  it.each([
    ["{", "build.json: is not the metadata of a build"],
    ["[]", "build.json: is not the metadata of a build"],
    ["{}", "build.json: is not the metadata of a build"],
    ['{"web":{"containerimage.digest":"latest"}}', "build.json: is not the metadata of a build"],
  ])("rejects %s in place of metadata", async (text, message) => {
    project.write("build.json", text);
    await expect(project.run(release, ["--metadata", "build.json"])).rejects.toThrow(message);
    await expect(project.run(release, ["--metadata", "none.json"])).rejects.toThrow(
      "--metadata: names no file, got 'none.json'",
    );
  });
});

describe("a release", () => {
  const both = (): object => ({
    web: told("web", web, { "build-arg:A": "1", "build-arg:S": "x" }),
    api: told("api", api),
  });

  it("E16: lists the build arguments that are named, and no other, with those of one environment apart", async () => {
    const words = ["--build-argument", "A", "--environment-argument", "VITE_AUTH0_DOMAIN", "--build-argument", "B=2"];
    const document = await made(both(), words, { VITE_AUTH0_DOMAIN: "login.example.com", OTHER: "canary" });
    expect(document).toMatchObject({
      buildArguments: { A: "1", B: "2", VITE_AUTH0_DOMAIN: { value: "login.example.com", environment: true } },
    });
    expect(JSON.stringify(document)).not.toMatch(/canary|"S"|"x"/);
  });

  it("rejects an argument without a value, and one whose image has another", async () => {
    await expect(made(both(), ["--build-argument", "NONE", "--build-argument", "A=7"])).rejects.toMatchObject({
      problems: [
        { path: "--build-argument A", what: "is not the value that the build's metadata has" },
        { path: "--build-argument NONE", what: expect.stringContaining("has no value") as string },
      ],
    });
  });

  it.each(["constructor", "toString", "__proto__"])(
    "rejects an argument that JavaScript itself has: %s",
    async (name) => {
      await expect(made(both(), ["--build-argument", name])).rejects.toMatchObject({
        problems: [{ path: `--build-argument ${name}`, what: expect.stringContaining("every object") as string }],
      });
    },
  );

  it("names its newest migration, and says whether the release before can go on without it", async () => {
    expect(await made(both(), ["--schema", "0007_orders"])).toMatchObject({ schema: "0007_orders" });
    const contract = { head: "0007_orders", contract: true };
    expect(await made(both(), ["--schema", "0007_orders", "--contract"])).toMatchObject({ schema: contract });
  });

  it.each([[["--contract"]], [["--build-argument", "a b"]], [["--check", "--image", "web=1"]]])(
    "rejects the words %j",
    async (words) => {
      await expect(project.run(release, ["--version", "1", ...words])).rejects.toMatchObject({ usage: true });
    },
  );
});

describe("slipway release --check", () => {
  it("asks the registry of the images and that of the job, before anything is built", async () => {
    expect(await project.run(release, ["--check"])).toBe(`${stub.address}: answers, without a login\n`);
    await expect(
      project.run(release, ["--check"], { CI_REGISTRY: "127.0.0.1:1", CI_REGISTRY_USER: "u" }),
    ).rejects.toThrow("CI_REGISTRY: 127.0.0.1:1 refuses the connection; start it");
  });

  it("E10: takes the login of the job, and rejects a wrong one", async () => {
    const right = `Basic ${Buffer.from("job:canary").toString("base64")}`;
    const headers = { "www-authenticate": 'Basic realm="x"' };
    const closed = await StubRegistry.start(({ authorization }) =>
      authorization === right ? { status: 200 } : { status: 401, headers },
    );
    const job = { CI_REGISTRY: closed.address, CI_REGISTRY_USER: "job", CI_REGISTRY_PASSWORD: "canary" };
    expect(await project.run(release, ["--check"], job)).toContain(
      `${closed.address}: answers, and takes the login of 'job'\n`,
    );
    const refused = project.run(release, ["--check"], { ...job, CI_REGISTRY_PASSWORD: "wrong" });
    await expect(refused).rejects.toThrow(`${closed.address} refuses the login of 'job'`);
    await expect(refused).rejects.not.toThrow(/wrong/);
  });
});
