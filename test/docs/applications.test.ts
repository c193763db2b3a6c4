import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { stackProblems } from "../../model/plan/rules.ts";
import { stackOf } from "../../model/stack/derive.ts";
import { checkout } from "../../toolchain/paths.ts";
import { digest, TrialRepository } from "../config/trial-repository.ts";

const page = readFileSync(join(checkout, "docs/applications.md"), "utf8");

/** The sections of the page: each block whose first line names a file is this file. */
const applications = page
  .split(/^## /m)
  .slice(1)
  .map((section) => ({
    title: section.slice(0, section.indexOf("\n")),
    files: Object.fromEntries(
      [...section.matchAll(/^```\w+\n# (\S+)\n(.*?)^```$/gms)].map(([, name = "", text = ""]) => [name, text]),
    ),
  }));

const stackFile = z.strictObject({ config: z.record(z.string().regex(/^[a-z]+:\w+$/), z.unknown()) });
const services = z.record(z.string(), z.looseObject({ release: z.boolean().default(false) }));
const composeFile = z.looseObject({ services: z.record(z.string(), z.looseObject({ image: z.string() })) });

/** The images of the compose file by digest: those of releases in a document, all others in the lock. */
function images(compose: string, released: readonly string[]): { release: object; lock: string } {
  const all = Object.entries(composeFile.parse(parse(compose, { merge: true })).services);
  const tags = new Set(["traefik:v3.6", ...all.filter(([name]) => !released.includes(name)).map(([, of]) => of.image)]);
  const entries = [...tags].map((tag) => {
    const sum = digest(tag).slice(tag.length + 1);
    return `  ${tag}:\n    digest: ${sum}\n    platforms: [linux/amd64]\n`;
  });
  const ofRelease = all.filter(([name]) => released.includes(name)).map(([name, of]) => [name, digest(of.image)]);
  return {
    release: { version: "1.0.0", images: Object.fromEntries(ofRelease) as unknown },
    lock: `images:\n${entries.join("")}`,
  };
}

it("has four applications", () => {
  expect(applications).toHaveLength(4);
});

describe.each(applications)("$title", ({ files }) => {
  const repository = new TrialRepository();
  const { config } = stackFile.parse(parse(files["Pulumi.production.yaml"] ?? ""));
  const keys = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.slice(key.indexOf(":") + 1), value]),
  );
  const released = Object.entries(services.parse(keys["services"] ?? {})).flatMap(([name, { release }]) =>
    release ? [name] : [],
  );

  beforeAll(() => {
    for (const [path, text] of Object.entries(files)) repository.write(path, text);
    repository.track(...Object.keys(files));
    const { release, lock } = images(files["compose.yaml"] ?? "", released);
    repository.write("slipway.lock", lock);
    if (released.length > 0) repository.write("release.json", JSON.stringify(release));
  });
  afterAll(() => {
    repository.remove();
  });

  it("has no problem", async () => {
    const none = { ports: {}, services: {}, proxy: undefined };
    const password = "an example of a password";
    const secrets = {
      GITEA_DB_PASSWORD: password,
      POSTGRES_PASSWORD: password,
      REDIS_PASSWORD: password,
      API_TOKEN: password,
    };
    const { deployment } = await repository.load({ ...none, ...keys, secrets });
    const stack = stackOf(deployment);
    expect(stackProblems(stack)).toEqual([]);
    const ofRelease = stack.services.filter(({ part }) => part === "release");
    expect(new Set(ofRelease.map(({ name }) => name))).toEqual(new Set(released));
  });
});
