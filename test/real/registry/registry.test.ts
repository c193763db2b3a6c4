import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SlipwayProcess, type SlipwayResult } from "../../cli/slipway-process.ts";
import { parseImageLock } from "../../cli/commands/parsed-lock.ts";
import { ProjectWithImages } from "../../cli/commands/project-with-images.ts";
import { removeImage } from "../program/tiny-registry.ts";
import { RealRegistry, user } from "./real-registry.ts";

const registry = new RealRegistry();
let index: string;

beforeAll(async () => {
  await registry.start();
  const amd = await registry.push("shop/web:amd", "linux/amd64", "1.4.2");
  const arm = await registry.push("shop/web:arm", "linux/arm64", "1.4.2");
  index = await registry.pushIndex("shop/web:1.4.2", { "linux/amd64": amd, "linux/arm64": arm });
  await registry.push("shop/cache:8", "linux/amd64", "8.0.1");
});
afterAll(() => registry.stop());

let project: ProjectWithImages;
beforeEach(() => {
  project = new ProjectWithImages("services: {}\n");
});
afterEach(() => project.remove());

/** Runs slipway for services with these images, by its own process. */
async function slipway(
  images: Readonly<Record<string, string>>,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<SlipwayResult> {
  const services = Object.entries(images).map(([name, image]) => `  ${name}: { image: "${image}" }\n`);
  project.write("compose.yaml", `services:\n${services.join("")}`);
  const own = { PATH: process.env["PATH"], HOME: project.folder, ...environment };
  return await new SlipwayProcess([...words, "-C", project.folder], own).finished;
}

/** Writes what `docker login` leaves. */
function logIn(address: string, password: string = user.password): void {
  const auths = { [address]: { auth: Buffer.from(`${user.name}:${password}`).toString("base64") } };
  mkdirSync(join(project.folder, ".docker"), { recursive: true });
  writeFileSync(join(project.folder, ".docker", "config.json"), JSON.stringify({ auths }));
}

describe("slipway lock at a real registry", () => {
  it("finds indexes and images, and the engine pulls what the lock names", async () => {
    const { stdout, exitCode } = await slipway(
      { web: `${registry.open}/shop/web:1.4.2`, cache: `${registry.open}/shop/cache:8` },
      ["lock"],
    );
    expect({ exitCode, lines: stdout.split("\n").length }).toEqual({ exitCode: 0, lines: 4 });
    const lock = parseImageLock(project.read("slipway.lock"));
    expect(lock[`${registry.open}/shop/web:1.4.2`]).toEqual({
      ...{ digest: index, platforms: ["linux/amd64", "linux/arm64"], version: "1.4.2" },
    });
    const cache = `${registry.open}/shop/cache`;
    expect(lock[`${cache}:8`]?.version).toBe("8.0.1");
    const name = `${cache}:8@${lock[`${cache}:8`]?.digest ?? ""}`;
    try {
      execFileSync("docker", ["pull", "--quiet", name], { stdio: "ignore" });
    } finally {
      removeImage(name);
    }
  });

  it("logs in by the stack's registries, and trusts an authority that the machine is told of", async () => {
    project.write(
      "Pulumi.staging.yaml",
      `config:\n  shop:registries: { "${registry.closed}": { user: robot, passwordVariable: TRIAL_PASSWORD } }\n`,
    );
    const images = { web: `${registry.closed}/shop/web:1.4.2` };
    const trusting = { NODE_EXTRA_CA_CERTS: registry.certificate };
    const stranger = await slipway(images, ["lock"], { TRIAL_PASSWORD: user.password });
    expect(stranger.stderr).toBe(
      `compose.services.web.image: '${images.web}' is not looked up: the certificate of ${registry.closed} is not ` +
        "trusted (DEPTH_ZERO_SELF_SIGNED_CERT); " +
        `put its authority into /etc/docker/certs.d/${registry.closed}/ca.crt, where Docker looks too\n`,
    );
    const unknown = await slipway(images, ["lock"], trusting);
    expect(unknown.stderr).toContain(`${registry.closed} wants a login, and there is none`);
    const wrong = await slipway(images, ["lock"], { ...trusting, TRIAL_PASSWORD: "canary-of-another" });
    expect(wrong.stderr).toContain(`${registry.closed} refuses the login of 'robot' from registries`);
    expect(stranger.stderr + unknown.stderr + wrong.stderr).not.toContain("canary");
    const { exitCode, stdout } = await slipway(images, ["lock"], { ...trusting, TRIAL_PASSWORD: user.password });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("1 image, 1 changed")]);
  });

  it("gets tokens with the login that `docker login` left", async () => {
    const images = { web: `${registry.withTokens}/shop/web:1.4.2`, cache: `${registry.withTokens}/shop/cache:8` };
    const before = await slipway(images, ["lock"]);
    expect(before.stderr.match(/wants a login, and there is none/g)?.length).toBe(2);
    logIn(registry.withTokens, "canary-of-another");
    const wrong = await slipway(images, ["lock"]);
    expect(wrong.stderr.match(/refuses the login of 'robot' from \S+config\.json/g)?.length).toBe(2);
    logIn(registry.withTokens);
    const { exitCode, stdout } = await slipway(images, ["lock"]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("2 images, 2 changed")]);
  });

  it("tells a repository that is not there from a tag that is not there", async () => {
    const images = { web: `${registry.open}/shop/wep:1`, cache: `${registry.open}/shop/cache:9` };
    const { exitCode, stderr } = await slipway(images, ["lock"]);
    expect(exitCode).toBe(1);
    expect(stderr.replaceAll(registry.open, "registry").split("\n")).toEqual([
      "compose.services.cache.image: 'registry/shop/cache:9' does not exist: registry has no tag '9' in 'shop/cache'" +
        "; use another tag, or push the image",
      "compose.services.web.image: 'registry/shop/wep:1' does not exist: registry has no repository 'shop/wep'; " +
        "correct the image's name, or push it",
      "",
    ]);
  });
});

describe("slipway lock at several registries", () => {
  it("rejects a missing login, tag, platform and registry one by one, all at once, and writes nothing", async () => {
    project.write("Pulumi.staging.yaml", "config:\n  shop:platforms: [linux/amd64, linux/arm64]\n");
    const { exitCode, stdout, stderr } = await slipway(
      {
        away: "127.0.0.1:9/shop/web:1",
        cache: `${registry.open}/shop/cache:8`,
        gone: `${registry.open}/shop/web:9`,
        mine: `${registry.withTokens}/shop/web:1.4.2`,
        right: `${registry.open}/shop/web:1.4.2`,
      },
      ["lock"],
    );
    expect([exitCode, stdout]).toEqual([1, ""]);
    const lines = stderr.trimEnd().replaceAll(registry.open, "open").replaceAll(registry.withTokens, "closed");
    expect(lines.split("\n")).toEqual([
      "compose.services.away.image: '127.0.0.1:9/shop/web:1' is not looked up: 127.0.0.1:9 refuses the connection; " +
        "start it, or correct the image's name",
      expect.stringMatching(
        /^compose\.services\.cache\.image: 'open\/shop\/cache:8@.*' has no image for linux\/arm64, but for /,
      ),
      expect.stringMatching(/^compose\.services\.gone\.image: 'open\/shop\/web:9' does not exist: /),
      expect.stringMatching(
        /^compose\.services\.mine\.image: .* is private, or does not exist: closed wants a login, /,
      ),
    ]);
    expect(readdirSync(project.folder)).not.toContain("slipway.lock");
  });

  it("shows old and new versions where a tag has moved, with the services that are looked up again alone", async () => {
    const [web, cache] = [`${registry.open}/shop/moving:1`, `${registry.open}/shop/moving:2`];
    for (const name of ["shop/moving:1", "shop/moving:2"]) await registry.push(name, "linux/amd64", "1.0");
    await slipway({ web, cache }, ["lock"]);
    for (const name of ["shop/moving:1", "shop/moving:2"]) await registry.push(name, "linux/amd64", "1.1");
    const { stdout } = await slipway({ web, cache }, ["lock", "--update", "web"]);
    expect(stdout.replaceAll(registry.open, "open").replaceAll(/sha256:\w{12}…/g, "…")).toBe(
      "~ open/shop/moving:1: 1.0 (…) → 1.1 (…)\nslipway.lock: 2 images, 1 changed\n",
    );
    expect((await slipway({ web, cache }, ["lock", "--check"])).stdout).toBe("slipway.lock: has all 2 images\n");
  });
});

describe("slipway release at a real registry", () => {
  it("writes the document, for the platforms of the stack", async () => {
    const web = `${registry.open}/shop/web:1.4.2`;
    project.write(
      "Pulumi.staging.yaml",
      "config:\n  shop:services: { web: { release: true } }\n  shop:platforms: [linux/arm64]\n",
    );
    const { exitCode } = await slipway({ web }, ["release", "--image", "web=1.4.2"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(project.read("release.json"))).toEqual({ version: "1.4.2", images: { web: `${web}@${index}` } });
  });

  it("asks before a build whether it takes the job's login, by password and by token (E10, E20)", async () => {
    project.write("Pulumi.staging.yaml", "config:\n  shop:services: { web: { release: true } }\n");
    const { closed, withTokens, certificate } = registry;
    for (const address of [closed, withTokens]) {
      const check = (password: string): Promise<SlipwayResult> =>
        slipway({ web: `${address}/shop/nobody-pushed-it-yet:1` }, ["release", "--check"], {
          ...{ NODE_EXTRA_CA_CERTS: certificate, CI_REGISTRY: address },
          ...{ CI_REGISTRY_USER: user.name, CI_REGISTRY_PASSWORD: password },
        });
      const right = await check(user.password);
      expect([right.exitCode, right.stdout]).toEqual([0, `${address}: answers, and takes the login of 'robot'\n`]);
      const wrong = await check("canary-of-another");
      expect(wrong.stderr).toContain(`services.web.image: ${address} refuses the login of 'robot'`);
      expect(wrong.stderr).not.toContain("canary");
    }
  });
});
