import { readFileSync } from "node:fs";
import { join } from "node:path";
import sshpk from "sshpk";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { gitlabPreview } from "../../../cli/gitlab/preview.ts";
import { copyRootProject } from "../../config/root-project.ts";
import { hostKey, observerAnswers, StubSsh } from "../../remote/stub-ssh.ts";
import { GitlabStub } from "./gitlab-stub.ts";
import { jobCall, jobFolder, removeJobFolders } from "./job.ts";

let stub: GitlabStub;

const root = copyRootProject();

beforeAll(async () => {
  stub = await GitlabStub.start();
});

afterAll(async () => {
  root.remove();
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
  ])("does not start: %s is shared (SEC-A6)", async (shared, staging, production, also, project) => {
    const text = await previewed(files(staging, production + isProtected, project), also);
    expect(text).toMatch(/^1: ### `staging`: no plan\n/);
    expect(text).toContain(
      `staging: shares ${shared} with production, which is protected, and the job of a merge request would hold its ` +
        `keys; ${wayOut}`,
    );
  });

  test("does not start for the protected stack itself (SEC-A6)", async () => {
    const folder = files(host("192.0.2.10"), host("192.0.2.11") + isProtected);
    const text = await previewed(folder, {}, "production");
    expect(text).toContain("production: is protected, and the job of a merge request would hold its keys");
  });

  test("takes no key that only observes for one that opens servers (SEC-A6)", async () => {
    const folder = files(host("192.0.2.10"), host("192.0.2.11") + isProtected);
    const observes = { SSH_OBSERVE_KEY: "a key", PULUMI_BACKEND_URL: "file:///state" };
    expect(await previewed(folder, observes)).toContain("this job was not given SSH_PRIVATE_KEY.");
  });

  test("goes on if the servers differ, if no stack is protected, or on a protected branch", async () => {
    const notPreviewed = /^4: ### `staging`: not previewed/;
    expect(await previewed(files(host("192.0.2.10"), host("192.0.2.11") + isProtected))).toMatch(notPreviewed);
    expect(await previewed(files(host("192.0.2.10"), host("192.0.2.10")))).toMatch(notPreviewed);
    const folder = files(host("192.0.2.10"), host("192.0.2.10") + isProtected);
    expect(await previewed(folder, { CI_MERGE_REQUEST_IID: undefined })).toMatch(notPreviewed);
  });
});

describe("an offline preview in a merge request, with a key that only observes", () => {
  const preview = async (also: NodeJS.ProcessEnv): Promise<{ readonly said: string; readonly plan: string }> => {
    const folder = jobFolder();
    const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const call = jobCall(stub, folder, also, "production");
    expect(await gitlabPreview.run({ ...call, folder: root.folder, words: ["--offline"] })).toBe(0);
    const said = written.mock.calls.map(([text]) => String(text)).join("");
    vi.restoreAllMocks();
    return { said, plan: readFileSync(join(folder, "slipway-reports/production/plan.md"), "utf8") };
  };

  test("has the facts of a protected stack's server, and needs no published plan (SEC-A6)", async () => {
    const ssh = new StubSsh(observerAnswers);
    const key = sshpk.generatePrivateKey("ed25519").toString("openssh");
    const server = { SERVER_HOST: "192.0.2.10", SERVER_HOST_KEY: hostKey };
    const { said, plan } = await preview({ ...server, PATH: ssh.environment.PATH, SSH_OBSERVE_KEY: key });
    expect(plan).toContain("offline with facts: the server was asked by a key that only observes");
    expect(said).toMatch(/^slipway: there is no published plan to compare plain variables with: /);
    expect(plan + said).not.toContain(key.split("\n")[2]);
  });

  test("is as ever without that key", async () => {
    const { said, plan } = await preview({});
    expect(plan).toContain("offline: compared with nothing, since no plan of a deploy was given");
    expect(said).toMatch(/^slipway: the plan is compared with nothing: /);
  });
});
