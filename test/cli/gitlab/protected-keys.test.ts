import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { gitlabPreview } from "../../../cli/gitlab/preview.ts";
import { GitlabStub } from "./gitlab-stub.ts";
import { jobCall, jobFolder, removeJobFolders } from "./job.ts";

let stub: GitlabStub;

beforeAll(async () => {
  stub = await GitlabStub.start();
});

afterAll(async () => {
  await stub.stop();
  removeJobFolders();
});

describe("a preview in a merge request, with keys that would open a protected stack", () => {
  const host = (address: string): string => `  aaperture:host: { address: "${address}", user: deploy }\n`;
  const files = (staging: string, production: string, project = ""): string =>
    jobFolder({
      "Pulumi.yaml": `name: aaperture\nruntime: nodejs\n${project}`,
      "Pulumi.staging.yaml": `config:\n${staging}`,
      "Pulumi.production.yaml": `config:\n${production}`,
    });
  const isProtected = "  aaperture:protected: true\n";
  const previewed = async (folder: string, also: NodeJS.ProcessEnv = {}, stack = "staging"): Promise<string> => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const code = await gitlabPreview.run(jobCall(stub, folder, also, stack));
    vi.restoreAllMocks();
    return `${code}: ${readFileSync(join(folder, `slipway-reports/${stack}/plan.md`), "utf8")}`;
  };
  const wayOut =
    "give its templates in .gitlab-ci.yml the input 'shared: true', with which merge requests get its plan without " +
    "keys, and protect the variables of the environment staging";

  test.each<[string, string, string, NodeJS.ProcessEnv, string?]>([
    ["the server '192.0.2.10'", host("192.0.2.10"), host("192.0.2.10"), {}],
    ["the server '${server_host}'", host("${SERVER_HOST}"), host("${SERVER_HOST}"), {}],
    ["the server '192.0.2.10'", host("${SERVER_HOST}"), host("192.0.2.10"), { SERVER_HOST: "192.0.2.10" }],
    ["the backend of Pulumi.yaml", host("192.0.2.10"), host("192.0.2.11"), {}, "backend: { url: s3://states }\n"],
  ])("refuses to start: %s is shared (SEC-A6)", async (shared, staging, production, also, project) => {
    const text = await previewed(files(staging, production + isProtected, project), also);
    expect(text).toMatch(/^1: ### `staging`: no plan\n/);
    expect(text).toContain(
      `staging: shares ${shared} with production, which is protected, and the job of a merge request would hold its ` +
        `keys; ${wayOut}`,
    );
  });

  test("refuses to start for the protected stack itself (SEC-A6)", async () => {
    const folder = files(host("192.0.2.10"), host("192.0.2.11") + isProtected);
    const text = await previewed(folder, {}, "production");
    expect(text).toContain("production: is protected, and the job of a merge request would hold its keys");
  });

  test("goes on if the servers differ, if no stack is protected, or on a protected branch", async () => {
    const notPreviewed = /^4: ### `staging`: not previewed/;
    expect(await previewed(files(host("192.0.2.10"), host("192.0.2.11") + isProtected))).toMatch(notPreviewed);
    expect(await previewed(files(host("192.0.2.10"), host("192.0.2.10")))).toMatch(notPreviewed);
    const folder = files(host("192.0.2.10"), host("192.0.2.10") + isProtected);
    expect(await previewed(folder, { CI_MERGE_REQUEST_IID: undefined })).toMatch(notPreviewed);
  });
});
