import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AapertureServer } from "./aaperture-server.ts";
import { fullSeries, series } from "../series.ts";
import { writeSmallApplication } from "./small-stack.ts";

const long = 600_000;
let opened: AapertureServer;
let nginx: string;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"]);
  const { registry } = opened.started;
  nginx = `${registry.address}/library/nginx@${await registry.digest("library/nginx", "alpine")}`;
}, long);
afterAll(() => opened.close());

const ended = { condition: "service_completed_successfully" };
const healthy = { condition: "service_started" };

/** A container that runs a line of shell. */
const runs = (line: string, more: object = {}) => ({ image: nginx, command: ["sh", "-c", line], ...more });

/** A team's own nginx, which ends at once where its upstream has no name yet. */
const edge = (upstream: string): object => {
  const config = `server { listen 8081; location / { proxy_pass http://${upstream}; } }`;
  const line = `echo '${config}' > /etc/nginx/conf.d/default.conf; exec nginx -g 'daemon off;'`;
  return runs(line, { ports: ["8081:8081"], depends_on: { web: healthy } });
};

type Job = "setup" | "collect" | "one" | "two";

interface Wanted {
  readonly version: string;
  /** The job that fails. */
  readonly broken?: Job;
  readonly upstream?: string;
  readonly mode?: string;
}

const built = new Map<string, string>();

/** Each version is built once, so that it is no other release the next time. */
async function webImage(version: string): Promise<string> {
  const known = built.get(version);
  if (known !== undefined) return known;
  const { image } = await opened.started.buildAppRelease({ version });
  built.set(version, image);
  return image;
}

/** A stack with a job before the release, one in it, two migrations, and an nginx that waits for the release. */
async function write({ version, broken, upstream = "web:8080", mode = "1" }: Wanted): Promise<void> {
  const web = await webImage(version);
  const job = (name: Job): string => (name === broken ? `echo ${name} broke; exit 3` : "exit 0");
  writeSmallApplication(opened, {
    compose: {
      services: {
        setup: runs(job("setup")),
        cache: runs("exec sleep 100000", { environment: { MODE: mode }, depends_on: { setup: ended }, init: true }),
        one: runs(job("one"), { depends_on: ["cache"] }),
        two: runs(job("two"), { depends_on: { one: ended } }),
        collect: runs(job("collect"), { restart: "no" }),
        web: { build: ".", ports: ["8080:8080"], depends_on: { cache: healthy, collect: ended, two: ended } },
        edge: edge(upstream),
      },
    },
    services: { web: { release: true, health: "/health", port: 8080 }, collect: { release: true } },
    ports: { web: 18080, edge: 18081 },
    keys: { migration: { service: ["two", "one"] } },
    release: { version, images: { web } },
  });
}

const up = () => opened.aaperture.succeed("up", "staging", opened.server);
const fails = async (): Promise<string> => {
  const { exitCode, output } = await opened.aaperture.run("up", "staging", opened.server);
  expect(exitCode, output).not.toBe(0);
  return output;
};
const version = (): Promise<string> => opened.on("curl --silent --fail --max-time 5 http://127.0.0.1:18081/version");
const starts = (): Promise<string> =>
  opened.on(
    "docker ps --all --quiet --filter name=aaperture-staging- | " +
      "xargs docker inspect --format '{{.Name}} {{.State.StartedAt}}' | grep -E 'setup|collect' | sort",
  );
const migrations = (): Promise<string> =>
  opened.on("grep -c 'migration.*\"run\"' /var/lib/slipway/stacks/aaperture@staging/journal || true");

describe("a stack with jobs before its release and in it, two migrations, and an nginx in front", () => {
  test(
    "comes up on a first deploy in the order of the file, and starts no job when nothing changes",
    async () => {
      await write({ version: "1" });
      await up();
      expect(await version()).toContain("1");
      const [before, run] = [await starts(), await migrations()];
      expect(before.split("\n")).toHaveLength(2);
      expect(Object.keys((await up()).events.changes)).toEqual(["same"]);
      expect([await starts(), await migrations()]).toEqual([before, run]);
    },
    long,
  );

  test(
    "runs a job again with a service that waits for it, and no other one",
    async () => {
      const before = await starts();
      await write({ version: "1", mode: "2" });
      await up();
      const after = await starts();
      const collected = (text: string): string =>
        text
          .split("\n")
          .filter((line) => line.includes("collect"))
          .join();
      expect(collected(after)).toBe(collected(before));
      expect(after).not.toBe(before);
    },
    long,
  );

  test.each(series<Job>(["setup", "one", "two", "collect"], ["collect"]))(
    "keeps serving the previous release when '%s' fails, and tells its name, exit code and logs",
    async (broken) => {
      await write({ version: `2-${broken}`, broken, mode: "2" });
      const said = await fails();
      expect(said).toMatch(new RegExp(`'${broken}(-blue|-green)?'.*ended with exit code 3`));
      expect(said).toContain(`${broken} broke`);
      expect(await version()).toContain("1");
    },
    long,
  );

  test.runIf(fullSeries)(
    "fails when the nginx after the release does not come up, though the release serves",
    async () => {
      await write({ version: "3", mode: "2", upstream: "nowhere:8080" });
      expect(await fails()).toMatch(/'edge' (restarts|is restarting|is exited)/);
      expect(await opened.on("curl --silent --fail --max-time 5 http://127.0.0.1:18080/version")).toContain("3");
      await write({ version: "3", mode: "2" });
      await up();
      expect(await version()).toContain("3");
      expect(Object.keys((await up()).events.changes)).toEqual(["same"]);
    },
    long,
  );

  test(
    "is removed as a whole",
    async () => {
      await opened.aaperture.succeed("destroy", "staging", opened.server);
      expect(await opened.on("docker ps --all --quiet")).toBe("");
    },
    long,
  );
});

test.runIf(fullSeries)(
  "a stack of jobs alone runs them once, and starts none when nothing changes (F141)",
  async () => {
    writeSmallApplication(opened, { compose: { services: { setup: runs("echo done", { restart: "no" }) } } });
    await up();
    const before = await starts();
    expect(before).toContain("setup");
    expect(Object.keys((await up()).events.changes)).toEqual(["same"]);
    expect(await starts()).toBe(before);
    writeSmallApplication(opened, {
      compose: { services: { setup: runs("echo all is lost; exit 3", { restart: "no" }) } },
    });
    const said = await fails();
    expect(said).toMatch(/'setup' (ended|is exited) with exit code 3/);
    expect(said).toContain("all is lost");
    await opened.aaperture.succeed("destroy", "staging", opened.server);
  },
  long,
);
