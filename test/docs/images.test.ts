import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Command } from "../../cli/commands/command.ts";
import { lock } from "../../cli/commands/lock.ts";
import { release } from "../../cli/commands/release.ts";
import { readRelease } from "../../config/release/release.ts";
import { messageOf } from "../../model/problem.ts";
import { checkout } from "../../toolchain/paths.ts";
import { ProjectWithImages } from "../cli/commands/project-with-images.ts";
import { StubRegistry } from "../registry/stub-registry.ts";

const releases = readFileSync(join(checkout, "docs/releases.md"), "utf8");
const images = readFileSync(join(checkout, "docs/images.md"), "utf8");
const host = "registry.example.com";

let stub: StubRegistry;
let project: ProjectWithImages;

beforeEach(async () => {
  stub = await StubRegistry.start();
  push("shop/web:1.4.2", "1.4.2");
  push("mirror/postgres:17", "17.5");
  push("mirror/traefik:v3.6", "3.6.1");
  const compose = block(releases, "```yaml\n# compose.yaml\n").replaceAll(host, stub.address);
  const proxy = `  shop:proxy: { image: "${stub.address}/mirror/traefik:v3.6" }\n`;
  project = new ProjectWithImages(compose, { staging: `  shop:services: { web: { release: true } }\n${proxy}` });
});
afterEach(() => project.remove());

function push(name: string, version: string): string {
  const labels = { "org.opencontainers.image.version": version };
  const digest = stub.image(name, { labels });
  const arm = stub.image(name, { labels, platform: "linux/arm64" });
  return stub.index(name, [
    { digest, platform: "linux/amd64" },
    { digest: arm, platform: "linux/arm64" },
  ]);
}

/** The text of a page from a line on, to the end of its block. */
function block(page: string, start: string): string {
  const at = page.indexOf(start);
  return at < 0 ? "" : page.slice(at + start.length, page.indexOf("```", at + start.length));
}

/** What a command prints, or why it is refused, as the page has it. */
async function said(command: Command, words: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const text = await project
    .run(command, words.split(" ").filter(Boolean), environment)
    .catch((error: unknown) => `${messageOf(error)}\n`);
  return text.replaceAll(stub.address, host).replaceAll(`${project.folder}/`, "");
}

test("docs/releases.md begins with a document that a deployment reads", () => {
  expect(readRelease("release.json", block(releases, "```json\n")).problems).toEqual([]);
});

test("docs/releases.md shows what slipway release prints", async () => {
  const asked = "$ slipway release --image web=1.4.2\n";
  expect(await said(release, "--image web=1.4.2")).toBe(block(releases, asked));
  expect(await said(release, "--check")).toBe(block(releases, "$ slipway release --check\n"));
  const wrong = "--image web=1.4.3 --image wroker=1.4.2";
  expect(await said(release, wrong)).toBe(block(releases, `$ slipway release ${wrong}\n`));
});

test("docs/releases.md shows a release from what a build says of its images", async () => {
  const name = `${stub.address}/shop/web:sha-5f3c1e9`;
  const digest = push("shop/web:sha-5f3c1e9", "1.4.2");
  project.write("build.json", JSON.stringify({ web: { "containerimage.digest": digest, "image.name": name } }));
  const words = "--metadata build.json --version 5f3c1e9 --schema 0007_orders --build-argument GIT_SHA";
  expect(await said(release, words, { GIT_SHA: "5f3c1e9" })).toBe(block(releases, `$ slipway release ${words}\n`));
});

test("docs/images.md shows what slipway lock prints and writes", async () => {
  expect(await said(lock, "")).toBe(block(images, "$ slipway lock\n"));
  expect(project.read("slipway.lock").replaceAll(stub.address, host)).toBe(block(images, "```yaml\n"));
  push("mirror/postgres:17", "17.6");
  expect(await said(lock, "--update db")).toBe(block(images, "$ slipway lock --update db\n"));
});
