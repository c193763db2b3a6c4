import { afterEach, beforeEach, expect, test } from "vitest";
import { checkProject } from "../../../cli/doctor/project.ts";
import { findingLine } from "../../../cli/finding.ts";
import { textOf } from "../../../model/report/tone.ts";
import { ProjectWithImages } from "../commands/project-with-images.ts";

const digest = `@sha256:${"0".repeat(64)}`;
const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIh8Hi2wGRKnK3bWCRyUVKAJZQeiMZLh5yEFuOHaNRHm";
const place = `  shop:directory: /srv/shop
  shop:project: shop
  shop:host: { address: server.test, user: deploy, hostKey: "${hostKey}" }
`;
const key = '  shop:fingerprintKey: { secure: "v1:x" }\n';

let project: ProjectWithImages;

beforeEach(() => {
  project = new ProjectWithImages(`services: { db: { image: "redis${digest}" } }\n`, { dev: `${place}${key}` });
  project.write(".git/HEAD", "");
});
afterEach(() => project.remove());

async function found(): Promise<string[]> {
  const { findings } = await checkProject(project.folder, {});
  return findings.map((finding) => textOf(findingLine(finding)));
}

const well = [
  "ok       Pulumi.yaml: project shop",
  "ok       stack dev: its configuration, compose files and images can be deployed",
];

test("a project that can be deployed lacks nothing", async () => {
  expect(await found()).toEqual(well);
});

test("each stack is checked, and a problem of files that several have in common is said once", async () => {
  project.write("Pulumi.prod.yaml", `config:\n${place}  shop:prots: {}\n`);
  project.write("compose.yaml", `services: { db: { image: "redis${digest}", links: 1 } }\n`);
  const lines = await found();
  expect(lines.filter((line) => line.includes("compose.yaml"))).toHaveLength(1);
  expect(lines).toContainEqual(expect.stringMatching(/^missing {2}stack prod: prots: .*; did you mean 'ports'/));
  expect(lines.filter((line) => line.startsWith("ok"))).toEqual(well.slice(0, 1));
});

test("a stack without its fingerprint key is led to `slipway init`", async () => {
  project.write("Pulumi.dev.yaml", `config:\n${place}`);
  expect(await found()).toEqual([
    ...well,
    "missing  stack dev: fingerprintKey: is not there; run `slipway init --stack dev`",
  ]);
});

test("what only a variable of the environment tells is not known here, and forbids nothing", async () => {
  project.write("Pulumi.dev.yaml", `config:\n${place.replace("server.test", '"${SERVER_HOST}"')}${key}`);
  expect(await found()).toEqual([
    ...well,
    expect.stringMatching(/^unknown {2}stack dev: host.address: needs the variable SERVER_HOST, which is not set; set/),
  ]);
});

test("a project that cannot be read, or has no stack, is one finding", async () => {
  project.write("Pulumi.yaml", "name: [");
  expect(await found()).toEqual([expect.stringMatching(/^missing {2}Pulumi.yaml:1: is not YAML/)]);
  const empty = new ProjectWithImages("services: {}\n", {});
  const { findings } = await checkProject(empty.folder, {});
  expect(findings.map(({ said }) => said)).toEqual(["project shop", "the project has none"]);
  empty.remove();
});
