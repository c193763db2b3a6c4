import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { gitlabCiLocal } from "../../../toolchain/tools/gitlab-ci-local.ts";
import { ensureTools } from "../../../toolchain/toolchain.ts";
import { checkout } from "../../../toolchain/paths.ts";
import { runChild } from "../../../process/child.ts";
import { Pipeline, type ListedJob, type Source } from "../../ci/pipeline.ts";

const team = readFileSync(join(checkout, "docs/examples/team.gitlab-ci.yml"), "utf8");
const mapSchema = z.record(z.string(), z.unknown());
const cachedJob = z.object({ cache: z.array(z.object({ key: z.string() })) });
const builds = /^build |check:registry$/;
const scriptedJob = z.object({ script: z.array(z.string()) });
let own: Pipeline;
let other: Pipeline;

beforeAll(async () => {
  await ensureTools([gitlabCiLocal], (line) => void process.stderr.write(`${line}\n`));
  own = await Pipeline.own();
  other = await Pipeline.other(team, "platform/slipway", "v0.1.0");
});

afterAll(() => [own, other].forEach((pipeline) => pipeline.remove()));

/** A job as its rules decide: its stage, whether a person starts it, and the failures that do not count. */
function line({ name, stage, when, allow_failure: allowed }: ListedJob): string {
  const may = typeof allowed === "boolean" ? (allowed ? " may fail" : "") : ` may end with ${allowed.exit_codes}`;
  return `${stage} ${name}${when === "on_success" ? "" : ` ${when}`}${may}`;
}

const jobs = async (pipeline: Pipeline, source: Source): Promise<string[]> =>
  (await pipeline.jobs(source)).map(line).sort();

describe("the pipeline of this repository", () => {
  test("A4: deploys staging from the default branch, and production when a person starts it", async () => {
    expect(await jobs(own, "push")).toEqual([
      "build build",
      "build release",
      "check check:prod",
      "check check:registry",
      "check check:staging",
      "deploy deploy:prod manual may fail",
      "deploy deploy:staging",
      "preview preview:prod may fail",
    ]);
  });

  test("plans both stacks, which share a server, for a merge request without keys, with a note (SEC-A6)", async () => {
    expect(await jobs(own, "mergeRequest")).toEqual([
      "check check:prod",
      "check check:staging",
      "note note always may fail",
      "preview plan:prod may end with 4",
      "preview plan:staging may end with 4",
    ]);
  });

  test("gives no job of a merge request an environment, and so none of its keys (SEC-A6)", async () => {
    const all = await own.expanded();
    const named = (await own.jobs("mergeRequest")).map(({ name }) => name);
    expect(named).toHaveLength(5);
    expect(named.filter((name) => Object.hasOwn(mapSchema.parse(all[name]), "environment"))).toEqual([]);
  });

  test("only checks for drift on a schedule, and warns of it", async () => {
    expect(await jobs(own, "schedule")).toEqual([
      "drift drift:prod may end with 3",
      "drift drift:staging may end with 3",
    ]);
  });

  test("does nothing on another branch", async () => {
    expect(await jobs(own, "branch")).toEqual([]);
  });

  test("A4: puts each job that changes or reads a stack into its resource group (F91)", async () => {
    const all = await own.expanded();
    for (const [job, group] of [
      ["deploy:staging", "staging"],
      ["drift:staging", "staging"],
      ["deploy:prod", "production"],
      ["drift:prod", "production"],
    ] as const)
      expect(all[job]).toMatchObject({ resource_group: group });
  });

  test("never interrupts a deployment, and repeats it only if its runner broke (F119)", async () => {
    const all = await own.expanded();
    const deployment = { interruptible: false, retry: { max: 1, when: ["runner_system_failure"] } };
    expect(all["deploy:staging"]).toMatchObject(deployment);
    expect(all["deploy:prod"]).toMatchObject(deployment);
    expect(all["preview:staging"]).toMatchObject({ interruptible: true });
    expect(JSON.stringify(all)).not.toContain("after_script");
  });

  test("ends a deployment's job with the deployment's exit code, even if that comes at once", async () => {
    const { script } = scriptedJob.parse((await own.expanded())["deploy:staging"]);
    const [text = ""] = script;
    const late = text.replace("code=0\n", "code=0\nsleep 0.1\n");
    for (const [word, code] of [
      ["false", 1],
      ["true", 0],
    ] as const) {
      const words = late.replace("bin/slipway", word);
      expect((await runChild(["bash", "-euo", "pipefail", "-c", words])).code).toBe(code);
    }
  });

  test("gives GitLab each environment's address and tier, and records only deployments as such", async () => {
    const all = await own.expanded();
    const staging = { name: "staging", url: "https://staging.aaperture.com", deployment_tier: "staging" };
    const production = { name: "production", url: "https://aaperture.com", deployment_tier: "production" };
    expect(all["deploy:staging"]).toMatchObject({ environment: staging });
    expect(all["deploy:prod"]).toMatchObject({ environment: production });
    for (const job of ["preview:staging", "preview:prod", "drift:staging", "drift:prod"])
      expect(all[job]).toMatchObject({ environment: { action: "verify" } });
  });

  test("shares no tool of the cache between protected and other branches (SEC-B12)", async () => {
    const all = Object.values(await own.expanded()).map((job) => cachedJob.safeParse(job));
    const keys = all.flatMap(({ data }) => (data === undefined ? [] : data.cache.map(({ key }) => key)));
    expect(keys.length).toBeGreaterThan(8);
    expect([...new Set(keys)]).toEqual(["slipway-protected-$CI_COMMIT_REF_PROTECTED"]);
  });

  test("passes counts to the widget, and details only to developers", async () => {
    expect((await own.expanded())["preview:staging"]).toMatchObject({
      artifacts: { access: "developer", reports: { terraform: "slipway-reports/staging/terraform.json" } },
    });
  });
});

describe("the pipeline of another team", () => {
  test("has the same jobs, in eleven lines", async () => {
    expect(team.trimEnd().split("\n")).toHaveLength(11);
    expect(await jobs(other, "push")).toEqual(await jobs(own, "push"));
    expect(await jobs(other, "mergeRequest")).toEqual(await jobs(own, "mergeRequest"));
    expect(await jobs(other, "schedule")).toEqual(await jobs(own, "schedule"));
  });

  test("E20: runs its jobs on the runners that it names, each stack's on its own", async () => {
    const named = 'default: { tags: [build] }\n"deploy:prod": { tags: [production] }\n';
    const pipeline = await Pipeline.other(team + named, "platform/slipway", "v0.1.0");
    onTestFinished(() => pipeline.remove());
    const all = await pipeline.expanded();
    // GitLab gives its default to every job that neither has tags nor refuses to inherit; gitlab-ci-local hides it.
    const others = Object.entries(all).filter(([, job]) => /"(tags|inherit)"/.test(JSON.stringify(job)));
    expect(others.map(([name]) => name)).toEqual(["deploy:prod"]);
    const production = { tags: ["production"], stage: "deploy", resource_group: "production" };
    expect(all["deploy:prod"]).toMatchObject(production);
  });

  test("that builds elsewhere makes the release document from variables, and has no build", async () => {
    const pipeline = await Pipeline.other(team.replace("build.yml", "release.yml"), "platform/slipway", "v0.1.0");
    onTestFinished(() => pipeline.remove());
    expect(await jobs(pipeline, "push")).toEqual((await jobs(own, "push")).filter((job) => !builds.test(job)));
    const { script } = scriptedJob.parse((await pipeline.expanded())["release"]);
    const given = { RELEASE_IMAGES: "web=1.4.2 api=a/b@sha256:1 $(id) * --out", RELEASE_VERSION: "1.4.2; id" };
    const words = script.join("\n").replace("slipway/bin/slipway", "printf '<%s>' slipway");
    const { stdout } = await runChild(["sh", "-ec", words], { env: { ...process.env, ...given } });
    expect(stdout).toBe(
      "<slipway><release><--image><web=1.4.2><--image><api=a/b@sha256:1><--image><$(id)><--image><*>" +
        "<--image><--out><--version><1.4.2; id>",
    );
  });

  test("checks new migrations in merge requests alone, after its own tool has printed them (C4)", async () => {
    const file = "{ project: platform/slipway, ref: v0.1.0, file: /ci/migrations.yml,";
    const include = `  - ${file} inputs: { migrations: "db printed/*.sql" } }\n`;
    const printed = '"check:migrations": { before_script: [./print.sh] }\n';
    const pipeline = await Pipeline.other(team + include + printed, "platform/slipway", "v0.1.0");
    onTestFinished(() => pipeline.remove());
    expect(await jobs(pipeline, "push")).toEqual(await jobs(other, "push"));
    expect(await jobs(pipeline, "mergeRequest")).toContain("check check:migrations");
    expect((await pipeline.expanded())["check:migrations"]).toMatchObject({
      before_script: ["./print.sh"],
      script: ["slipway/bin/slipway migrate check db printed/*.sql"],
    });
  });

  test("previews a stack on a server and backend of its own for a merge request, with its keys", async () => {
    const apart = await Pipeline.other(team.replace(", shared: true", ""), "platform/slipway", "v0.1.0");
    onTestFinished(() => apart.remove());
    expect(await jobs(apart, "mergeRequest")).toEqual([
      "check check:prod",
      "check check:staging",
      "note note always may fail",
      "preview plan:prod may end with 4",
      "preview preview:staging may end with 4",
    ]);
    const all = await apart.expanded();
    for (const job of ["check:staging", "preview:staging"])
      expect(all[job]).toMatchObject({ environment: { name: "staging", action: "verify" } });
  });

  test("previews the plan that a deployment must follow, even of a stack that is not protected", async () => {
    const held = await Pipeline.other(
      team.replace("tier: staging,", "tier: staging, held: true,"),
      "platform/slipway",
      "v0.1.0",
    );
    onTestFinished(() => held.remove());
    expect(await jobs(held, "push")).toContain("preview preview:staging may fail");
  });

  test("is in the manual as it is tested", () => {
    expect(readFileSync(join(checkout, "docs/gitlab.md"), "utf8")).toContain(team);
  });

  test("rejects an input of another type, and one with an unknown value", async () => {
    const inputs = { stack: "staging", job: "staging", tier: "staging", url: "https://example.com" };
    expect(await refusalOf({ ...inputs, protected: "perhaps" })).toMatch(/protected.*boolean/);
    expect(await refusalOf({ ...inputs, tier: "moon" })).toMatch(/tier.*allowed options/);
    expect(await refusalOf({ ...inputs, stack: "Not A Name" })).toMatch(/stack.*RegEx/i);
  });
});

async function refusalOf(inputs: object): Promise<string> {
  const file = `include: [{ local: /ci/workflow.yml }, { local: /ci/stack.yml, inputs: ${JSON.stringify(inputs)} }]\n`;
  const pipeline = await Pipeline.own(file);
  onTestFinished(() => pipeline.remove());
  return await pipeline.refusal();
}
