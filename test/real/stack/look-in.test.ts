import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { fullSeries } from "../series.ts";
import { canary, LookedAtStack } from "./looked-at-stack.ts";

const long = 600_000;
let stack: LookedAtStack;

beforeAll(async () => {
  stack = await LookedAtStack.open();
}, long);
afterAll(() => stack.opened.close());

const seen = (running: ReturnType<LookedAtStack["start"]>, text: string): Promise<boolean> =>
  vi.waitUntil(() => running.said.stdout.includes(text), { timeout: 120_000 });
const isGone = (script: string): Promise<boolean> =>
  vi.waitUntil(async () => (await stack.opened.on(`${script} || true`)) === "", { timeout: 60_000, interval: 500 });
const images = (): Promise<string> =>
  stack.opened.on("docker image ls --digests --format '{{.Repository}}@{{.Digest}}'");

describe("a stack of the user deploy", () => {
  test(
    "B9: shows the logs of the live release and of the shared services by one command, and of one service",
    async () => {
      await stack.deploy("1");
      const { code, stdout, stderr } = await stack.slipway(["logs"]);
      expect(code).toBe(0);
      expect(stderr).toContain("slipway: 'quiet' has the log driver 'none', which keeps no lines to read; look where");
      expect(stdout).toContain("shared | red\\u0007\n");
      expect(stdout).toMatch(/^web +\| .* release 1 listens on :8080$/m);
      const worker = await stack.slipway(["logs", "worker", "--tail", "2", "--timestamps"]);
      expect(worker.stdout).toMatch(/^(worker \| \d{4}-\d\d-\d\dT[\d:.]+Z tick \d+ of 1\n){2}$/);
    },
    long,
  );

  test(
    "B9: hides secrets in logs in CI, where a whole team reads them",
    async () => {
      const byHand = await stack.slipway(["logs", "shared"]);
      expect(byHand.stdout).toContain(`shared | password is ${canary}\n`);
      const inCi = await stack.slipway(["logs", "shared"], { env: { CI: "true" } });
      expect(inCi.stdout).toBe("shared | password is ***\nshared | red\\u0007\n");
    },
    long,
  );

  test(
    "rejects a service and a release that are not there, and names those that are",
    async () => {
      expect(await stack.slipway(["logs", "wroker"])).toMatchObject({
        code: 1,
        stderr:
          "logs: 'wroker' has no container here; " +
          "name one of quiet, shared, slipway-proxy, web, worker, or deploy the service first\n",
      });
      expect((await stack.slipway(["logs", "--release", "7"])).stderr).toBe(
        "release: no container of release '7' is there; " +
          "name one of 1 in blue (live), or leave out --release and --colour\n",
      );
    },
    long,
  );

  test(
    "B9: follows logs through a switch to the next release, and says so",
    async () => {
      const followed = stack.start(["logs", "worker", "-f", "--tail", "1"]);
      await seen(followed, "of 1");
      await stack.deploy("2");
      await seen(followed, "of 2");
      followed.child.kill("SIGINT");
      expect(await followed.ended).toBe(null);
      expect(followed.said.stderr).toContain("slipway: 2 in green serves from now on; before it was 1 in blue\n");
      const before = await stack.slipway(["logs", "worker", "--release", "1", "--tail", "1"]);
      expect(before.stdout).toMatch(/^worker \| tick \d+ of 1\n$/);
    },
    long,
  );

  test(
    "runs a command in a container as it is written, with our input, and ends with its exit code",
    async () => {
      const words = ["sh", "-c", 'cat; echo "$@" >&2; exit 7', "sh", "$(id)", "a b", "'", ";ls"];
      const input = "one $(two) 'three'\n";
      const { code, stdout, stderr } = await stack.slipway(["exec", "worker", "--", ...words], { input });
      expect({ code, stdout, stderr }).toEqual({ code: 7, stdout: input, stderr: "$(id) a b ' ;ls\n" });
      expect((await stack.slipway(["exec", "worker", "--", "no-such"])).code).toBe(126);
    },
    long,
  );

  test(
    "gives a command the terminal of its caller, with its size",
    async () => {
      const input = "stty size; tty; exit 5\n";
      const { code, stdout } = await stack.slipway(["exec", "worker", "--", "sh"], { input, terminal: true });
      expect(code).toBe(5);
      expect(stdout).toContain("/dev/pts/");
    },
    long,
  );

  test(
    "ends a command with its caller, and notes who ran it without its arguments",
    async () => {
      const waits = stack.start(["exec", "worker", "--", "sh", "-c", `echo begins ${canary}; sleep 4242`]);
      await seen(waits, "begins");
      waits.child.kill("SIGINT");
      await waits.ended;
      await isGone("pgrep -f '[s]leep 4242'");
      const log = await stack.opened.on("grep exec: /var/lib/slipway/stacks/aaperture@staging/log");
      expect(log).toMatch(/ exec: \S+ on \S+ begins 'sh' for 'worker'$/m);
      expect(log).not.toContain(canary);
    },
    long,
  );

  test(
    "runs a command in a new container with the service's variables and volumes, which is removed at its end",
    async () => {
      const words = ["sh", "-c", 'echo "$VERSION $(ls -d /notes)"; cat; exit 3'];
      const ended = await stack.slipway(["run", "worker", "--", ...words], { input: "hello\n" });
      expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 3, stdout: "2 /notes\nhello\n" });
      const shared = await stack.slipway(["run", "shared", "--", "sh", "-c", "echo $PASSWORD | wc -c"]);
      expect(shared.stdout.trim()).toBe(String(canary.length + 1));
      expect(await stack.opened.on("docker ps --all --quiet --filter name=-run-")).toBe("");
    },
    long,
  );

  test.runIf(fullSeries)(
    "counts a container that somebody runs as no drift, and ends it with its caller",
    async () => {
      const waits = stack.start(["run", "worker", "--", "sh", "-c", "echo begins; exec sleep 4343"]);
      await seen(waits, "begins");
      const { code, stdout } = await stack.opened.aaperture.slipway(["drift"], "staging", stack.opened.server);
      expect({ code, stdout }).toMatchObject({ code: 0 });
      expect(stdout).toMatch(/container aaperture-staging-green-worker-run-[0-9a-f]{8}: .*, run by hand/);
      waits.child.kill("SIGKILL");
      await isGone("docker ps --all --quiet --filter name=-run-");
    },
    long,
  );

  test.runIf(fullSeries)(
    "F50: removes images of old releases at the end of a run, and a prune leaves those to go back to",
    async () => {
      const [old = "", before = ""] = await Promise.all(["1", "2"].map((version) => stack.imageOf(version)));
      expect(await images()).toContain(old);
      await stack.deploy("3");
      await stack.opened.on("docker image prune --force");
      const left = await images();
      expect(left).not.toContain(old);
      expect(left).toContain(before);
      const { code, stdout } = await stack.slipway(["clean", "--json"]);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ removed: [], containers: [], failed: [] });
      expect(stdout).toContain(before);
    },
    long,
  );

  test.runIf(fullSeries)(
    "F50: lists what a killed run has pulled and nothing needs, removes it when asked, and says what is free then",
    async () => {
      const [old, before] = await Promise.all(["1", "2"].map((version) => stack.imageOf(version)));
      await stack.opened.on(
        `docker pull --quiet ${old}; echo ${old} >>/var/lib/slipway/stacks/aaperture@staging/pulled`,
      );
      const listed = await stack.slipway(["clean"]);
      expect(listed.stdout).toMatch(
        /^would remove {2}\S+\/app@sha256:[0-9a-f]{12}… {2}\d+ MB {2}of 1, which is older/m,
      );
      expect(await images()).toContain(old);
      const cleaned = await stack.slipway(["clean", "--yes"]);
      expect(cleaned.stdout).toMatch(/^removed 1, \d+ MB at most.*\nfree: \d+ MB before, \d+ MB after$/m);
      expect(await images()).not.toContain(old);
      expect(await images()).toContain(before);
      expect((await stack.slipway(["clean"])).stdout).toContain("nothing to remove\n");
    },
    long,
  );
});
