import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sshpk from "sshpk";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { plan } from "../../../cli/commands/plan.ts";
import { readPrintedPlan } from "../../../model/report/printed-plan.ts";
import { copyRootProject } from "../../config/root-project.ts";
import { hostKey, observerAnswers, StubSsh } from "../../remote/stub-ssh.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-offline-"));
const published = join(folder, "plan.json");
const root = copyRootProject();

afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  root.remove();
});

/** What an offline plan of production prints, in an environment without key, passphrase, agent and tools. */
async function offline(...words: string[]): Promise<string> {
  return await offlineWith({}, ...words);
}

/** The same with further variables. */
async function offlineWith(also: NodeJS.ProcessEnv, ...words: string[]): Promise<string> {
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const call = {
    folder: root.folder,
    stack: "production",
    stacks: ["production"],
    environment: { HOME: folder, ...also },
  };
  expect(await plan.run({ ...call, words: ["--offline", ...words] })).toBe(0);
  const said = written.mock.calls.map(([text]) => String(text)).join("");
  written.mockRestore();
  return said;
}

test("an offline plan of production needs no engine, key, server or release; the next compares with it", async () => {
  writeFileSync(published, await offline("--json"));
  const said = /^aaperture\/production, .*\nmain.*: nothing differs from the last deploy\n/;
  expect(await offline("--against", published)).toMatch(said);
  expect(await offline("--against", published, "--markdown")).toMatch(
    /^### `aaperture\/production`: nothing changes\n/,
  );
});

test.each([
  ["other.json", "is not a plan of this version of slipway"],
  ["none.json", "there is no such file"],
])("rejects a comparison with %s", async (name, what) => {
  writeFileSync(join(folder, "other.json"), "{}");
  const file = join(folder, name);
  const todo = "name the JSON that `slipway plan --json` printed, or that a deployment left";
  await expect(offline("--against", file)).rejects.toThrow(`--against: ${what}, got '${file}'; ${todo}`);
});

const key = sshpk.generatePrivateKey("ed25519").toString("openssh");
const server = { SERVER_HOST: "192.0.2.10", SERVER_HOST_KEY: hostKey };

test("with a key that only observes it has the server's facts, and its user need not be known (SEC-A6)", async () => {
  const ssh = new StubSsh(observerAnswers);
  const given = { ...server, PATH: ssh.environment.PATH, SSH_OBSERVE_KEY: key };
  const printed = readPrintedPlan(await offlineWith(given, "--json"));
  expect(printed?.hosts["main"]?.made).toBe("offline with facts");
  expect(ssh.lines("words")).toEqual(["aaperture/production"]);
  expect(ssh.requests().map((request) => request.do)).toEqual(["observe", "end"]);
});

test("while a server does not answer, a line on stderr says so", async () => {
  const ssh = new StubSsh(`until [ -e "$folder/answers" ]; do sleep 0.05; done\n${observerAnswers}`);
  const said: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said.push(String(text));
    ssh.write("answers", "");
    return true;
  });
  await offlineWith({ ...server, PATH: ssh.environment.PATH, SSH_OBSERVE_KEY: key });
  expect(said[0]).toMatch(/^slipway: connects to slipway-observe@192\.0\.2\.10:22, \d+ s\n$/);
});

test("without the server's address and host key that key is rejected, with the way out (SEC-A6)", async () => {
  const given = { PATH: new StubSsh(observerAnswers).environment.PATH, SSH_OBSERVE_KEY: key };
  const todo = "set it, or add it to this environment's CI variables; or unset SSH_OBSERVE_KEY";
  await expect(offlineWith(given)).rejects.toThrow(
    [
      "the configuration has problems:",
      `  - host.address: needs the variable SERVER_HOST, which is not set; ${todo}`,
      `  - host.hostKey: needs the variable SERVER_HOST_KEY, which is not set; ${todo}`,
    ].join("\n"),
  );
});
