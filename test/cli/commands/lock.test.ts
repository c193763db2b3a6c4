import { readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lock } from "../../../cli/commands/lock.ts";
import { parseImageLock } from "./parsed-lock.ts";
import { StubRegistry } from "../../registry/stub-registry.ts";
import { ProjectWithImages } from "./project-with-images.ts";

const version = "org.opencontainers.image.version";
const labels = (told: string): { labels: Readonly<Record<string, string>> } => ({ labels: { [version]: told } });

let stub: StubRegistry;
let project: ProjectWithImages;
let postgres: string;

beforeEach(async () => {
  stub = await StubRegistry.start();
  postgres = stub.image("postgres:17", labels("17.2"));
  stub.image("redis:latest");
  stub.image("traefik:v3", labels("3.6.1"));
  const proxy = `  shop:proxy: { image: "${stub.address}/traefik:v3" }\n`;
  project = new ProjectWithImages(
    [
      "services:",
      "  web: { build: ., image: example/web }",
      "  worker: { build: ./worker }",
      `  db: { image: "${stub.address}/postgres:17", volumes: ["rows:/var/lib/postgresql/data"] }`,
      `  cache: { image: "${stub.address}/redis" }`,
      `  pinned: { image: "${stub.address}/gone@${postgres}" }`,
      "volumes: { rows: }",
    ].join("\n"),
    {
      production: `  shop:services: { web: { release: true } }\n${proxy}`,
      staging: "",
    },
  );
});
afterEach(() => project.remove());

describe("slipway lock", () => {
  it("writes the digests of all tags of all stacks, without host, key or variables", async () => {
    const said = await project.run(lock);
    expect(said.replaceAll(stub.address, "stub").replaceAll(/sha256:\w{12}…/g, "…")).toBe(
      [
        "  web: its image comes from the release document",
        "  worker: its image comes from the release document",
        "+ stub/postgres:17: 17.2 (…)",
        "+ stub/redis:latest: …",
        "+ stub/traefik:v3: 3.6.1 (…)",
        "slipway.lock: 3 images, 3 changed\n",
      ].join("\n"),
    );
    const written = parseImageLock(project.read("slipway.lock"));
    expect(written[`${stub.address}/postgres:17`]).toEqual({
      ...{ digest: postgres, platforms: ["linux/amd64"], version: "17.2" },
    });
    expect(readdirSync(project.folder).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  it("asks for nothing that the lock has, and keeps its digests", async () => {
    await project.run(lock);
    const before = project.read("slipway.lock");
    stub.image("postgres:17", labels("17.3"));
    const asked = stub.questions.length;
    expect(await project.run(lock)).toContain("slipway.lock: 3 images, nothing changed\n");
    expect(project.read("slipway.lock")).toBe(before);
    expect(stub.questions.length).toBe(asked);
  });

  it("looks up the named services again, and shows old and new", async () => {
    await project.run(lock);
    stub.image("postgres:17", labels("17.3"));
    stub.image("redis:latest", labels("8"));
    const said = await project.run(lock, ["--update", "db"]);
    expect(said.replaceAll(stub.address, "stub").replaceAll(/sha256:\w{12}…/g, "…")).toContain(
      "\n~ stub/postgres:17: 17.2 (…) → 17.3 (…)\nslipway.lock: 3 images, 1 changed\n",
    );
    expect(await project.run(lock, ["--update"])).toContain("/redis:latest: sha256:");
    await expect(project.run(lock, ["--update", "dbb", "web"])).rejects.toThrow(
      "--update: is not a service whose image is named by tag, got 'dbb'; did you mean 'db'\n" +
        "--update: is not a service whose image is named by tag, got 'web'; use one of cache, db, slipway-proxy",
    );
  });

  it("removes what no stack uses, and adds what is new", async () => {
    await project.run(lock);
    stub.image("postgres:18", labels("18.0"));
    project.write("compose.yaml", project.read("compose.yaml").replace("postgres:17", "postgres:18"));
    const said = await project.run(lock);
    expect(said).toMatch(/^- \S+\/postgres:17: no stack uses it\n\+ \S+\/postgres:18: 18\.0 /m);
    expect(Object.keys(parseImageLock(project.read("slipway.lock"))).length).toBe(3);
  });

  it("looks an image up again when a stack gets another platform", async () => {
    await project.run(lock);
    project.write("Pulumi.staging.yaml", 'config:\n  shop:platforms: ["linux/arm64"]\n');
    await expect(project.run(lock)).rejects.toThrow(
      /^compose\.services\.cache\.image: .*\/redis:latest@sha256:\w+' has no image for linux\/arm64, but for linux/,
    );
    for (const name of ["postgres:17", "redis:latest", "traefik:v3"]) {
      const amd = stub.image(name);
      const arm = stub.image(name, { platform: "linux/arm64" });
      stub.index(name, [
        { digest: amd, platform: "linux/amd64" },
        { digest: arm, platform: "linux/arm64" },
      ]);
    }
    await project.run(lock);
    const platforms = Object.values(parseImageLock(project.read("slipway.lock"))).map(
      (image) => image.platforms.length,
    );
    expect(platforms).toEqual([2, 2, 1]); // the proxy is only in production, and stays as it is
  });

  it("takes the compose file's platform of a service instead of the stack's", async () => {
    stub.image("redis:latest", { platform: "linux/arm/v7" });
    const own = '/redis", platform: linux/arm/v7 }';
    project.write("compose.yaml", project.read("compose.yaml").replace('/redis" }', own));
    await project.run(lock);
    expect(parseImageLock(project.read("slipway.lock"))[`${stub.address}/redis:latest`]?.platforms).toEqual([
      "linux/arm/v7",
    ]);
  });

  it("rejects everything that it cannot look up at once, and writes nothing", async () => {
    project.write(
      "compose.yaml",
      project.read("compose.yaml").replace("postgres:17", "postgres:71").replace("/redis", "/rediss"),
    );
    await expect(project.run(lock)).rejects.toThrow(
      /^compose\.services\.cache\.image: .* has no repository 'rediss'.*\ncompose\.services\.db\.image: .* no tag '71'/,
    );
    expect(readdirSync(project.folder)).not.toContain("slipway.lock");
  });

  it("rejects a compose file that it cannot read, since it would forget its images", async () => {
    await project.run(lock);
    const before = project.read("slipway.lock");
    project.write("compose.yaml", "services: {");
    await expect(project.run(lock)).rejects.toThrow("compose.yaml:1");
    expect(project.read("slipway.lock")).toBe(before);
  });

  it("needs nothing of a compose file but its images: no variables of services, no mounted files", async () => {
    const cache = `cache: { image: "${stub.address}/redis:\${TAG:-latest}"`;
    const open = 'environment: { A: "${X:?}" }, volumes: ["./gone:/gone"]';
    project.write("compose.yaml", `services:\n  ${cache}, ${open} }\n`);
    project.write("Pulumi.production.yaml", "config: {}\n");
    expect(await project.run(lock)).toContain("/redis:latest: ");
  });

  it("rejects an image whose name is secret, or none, and an include that may hide one", async () => {
    const image = 'db: { image: "${NAME}" }';
    project.write("Pulumi.staging.yaml", 'config:\n  shop:secrets: { NAME: { secure: "v1:x" } }\n');
    project.write("Pulumi.production.yaml", "config:\n  shop:variables: { NAME: a:b:c }\n");
    project.write("compose.yaml", `include: [gone.yaml]\nservices:\n  ${image}\n`);
    await expect(project.run(lock)).rejects.toThrow(
      /image uses a variable that is secret[^]*gone\.yaml|gone\.yaml[^]*secret/,
    );
    project.write("Pulumi.staging.yaml", "config:\n  shop:variables: { NAME: redis }\n");
    project.write("compose.yaml", `services:\n  ${image}\n`);
    await expect(project.run(lock)).rejects.toThrow(
      "compose.services.db.image: 'a:b:c' is not an image name; write it as registry/repository:tag",
    );
  });

  it("writes no file where no stack has an image for it, as where all are named by digest", async () => {
    project.write("compose.yaml", `services:\n  db: { image: "${stub.address}/postgres@${postgres}" }\n`);
    project.write("Pulumi.production.yaml", "config: {}\n");
    expect(await project.run(lock)).toBe("no stack has an image for slipway.lock\n");
    expect(await project.run(lock, ["--check"])).toBe("no stack has an image for slipway.lock\n");
    expect(readdirSync(project.folder)).not.toContain("slipway.lock");
  });

  it("rejects words that it does not know, and options that contradict each other", async () => {
    for (const words of [["--chekc"], ["--check", "--update"], ["db"]])
      await expect(project.run(lock, words)).rejects.toMatchObject({ usage: true });
  });
});

describe("slipway lock --check", () => {
  it("accepts what `slipway lock` wrote, without a question to a registry", async () => {
    await project.run(lock);
    const asked = stub.questions.length;
    expect(await project.run(lock, ["--check"])).toBe("slipway.lock: has all 3 images\n");
    expect(stub.questions.length).toBe(asked);
  });

  it("rejects a lock that lacks an image, has one too many, lacks a platform, or was changed by hand", async () => {
    await expect(project.run(lock, ["--check"])).rejects.toThrow(
      /has no digest for '\S+\/redis:latest', the image of 'cache'; run `slipway lock`/,
    );
    await project.run(lock);
    const written = project.read("slipway.lock");
    project.write("compose.yaml", project.read("compose.yaml").replace("postgres:17", "postgres:18"));
    const said = /has no digest for '\S+\/postgres:18'.*\n.*has '\S+\/postgres:17', which no stack uses; /;
    await expect(project.run(lock, ["--check"])).rejects.toThrow(said);
    project.write("compose.yaml", project.read("compose.yaml").replace("postgres:18", "postgres:17"));
    project.write("slipway.lock", written.replace("[linux/amd64]", "[linux/arm64]"));
    await expect(project.run(lock, ["--check"])).rejects.toThrow("has nothing for linux/amd64 of");
    project.write("slipway.lock", `${written}\n`);
    await expect(project.run(lock, ["--check"])).rejects.toThrow("slipway.lock: is not as `slipway lock` writes it");
  });
});
