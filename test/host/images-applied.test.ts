import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeDocument } from "../../model/document/writer.ts";
import { staging } from "./answer.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
beforeEach(() => {
  host = new LocalHost();
});
afterEach(() => {
  host.remove();
});

it("the images of a stack, and its proxy's, are known by service, even while another document is read", async () => {
  const images = { "app@sha256:1": "api web", "traefik@sha256:2": "@proxy" };
  const document = writeDocument({ kind: "images", resource: "images", body: { images } }, { order: 1, attempt: "a" });
  writeFileSync(join(host.folder, "images"), document);
  const apply = `mkdir -p "$stack_state"; applied_write images 1.a hash images ${host.folder}/images`;
  const { stdout } = await host.source(staging, `${apply}; images_applied`);
  expect(JSON.parse(stdout)).toEqual({ api: "app@sha256:1", web: "app@sha256:1", "@proxy": "traefik@sha256:2" });
});

it("a stack has no images before the first deploy", async () => {
  expect((await host.source(staging, "images_applied")).stdout).toBe("");
});

it("the rollout's answer names the serving colour, its release and its start", async () => {
  const head =
    "rollout_find_live() { live_colour=blue live_release=1.0.0 live_generation=1795248000-ab; }; guard_read() { :; " +
    "}";
  const { stdout } = await host.source(staging, `${head}; object=rollout number=1.a; verb_answer applied`);
  expect(JSON.parse(stdout)).toEqual({
    ...{ outcome: "applied", object: "rollout", number: "1.a" },
    ...{ colour: "blue", release: "1.0.0", since: "2026-11-21T08:00:00Z" },
  });
});
