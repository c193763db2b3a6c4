import { Buffer } from "node:buffer";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { staging } from "./answer.ts";
import { Deployer, files } from "./deploy.ts";
import { dockerCalls, scriptDocker } from "./docker-script.ts";
import { LocalHost, type LocalRun } from "./host-program.ts";

let host: LocalHost;
let session: LocalRun;
let deployer: Deployer;
let place: string;

/**
 * An engine with at most one container: `container` holds its state, exit code and label, `ends` the end of the next
 * one.
 */
const engine = `here=$(cd "$(dirname "$0")/../engine" && pwd)
read -r state code label 2>/dev/null <"$here/container" || true
case "$1 $2" in
  version*) echo '26.1.5 linux/amd64' ;;
  'ps '*) if [[ -e $here/container ]]; then echo abc; fi ;;
  'compose '*)
    if [[ $2 == version ]]; then exit; fi
    cp "$here/../stack/migration/compose.yaml" "$here/../stack/migration/.env" "$here/"
    stat -c '%a %u %n' "$here"/../stack/migration/secrets{,/*} 2>/dev/null |
      sed 's|/[^ ]*migration/||' >"$here/forms" || true
    while (($#)); do if [[ $1 == --label ]]; then label=\${2#*=}; fi; shift; done
    echo "running $(<"$here/ends") $label" >"$here/container"
    echo run >>"$here/runs"
    ;;
  'wait '*)
    if [[ $code == never ]]; then exec sleep 60; fi
    echo "exited $code $label" >"$here/container"
    echo "$code"
    ;;
  'logs '*) printf 'connects as canary-password\\nthe end\\n' ;;
  'inspect '*)
    case "$*" in
      *slipway.migration*) echo "$label" ;;
      *Config.Env*) echo POSTGRES_PASSWORD=canary-password ;;
      *.State.Status*)
        printf 'abc\\x1fapp-migration-migrate-run-1\\x1fapp-migration\\x1fmigrate\\x1f1\\x1fTrue\\x1f'
        printf 'image\\x1fid\\x1f%s\\x1f\\x1f%s\\n' "$state" "$code"
        ;;
    esac
    ;;
  'rm '*) rm "$here/container" ;;
esac`;

beforeEach(async () => {
  host = new LocalHost();
  place = join(host.folder, "engine");
  mkdirSync(place);
  mkdirSync(join(host.folder, "stack"));
  mkdirSync(join(host.state, "data-1"));
  cluster("7001");
  ends("0");
  scriptDocker(host, engine);
  deployer = new Deployer(host, "migration");
  session = await host.session(staging, "one");
  session.stage("env", 'ENVIRONMENT="staging"\nPOSTGRES_PASSWORD="canary-password"\n');
  await session.observe();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await session.end();
  host.remove();
});

/** Sets the end of the next container, or that it never ends. */
const ends = (code: string): void => writeFileSync(join(place, "ends"), code);

/** Sets the cluster that the stack's volume holds. */
function cluster(id: string, volume = "app_pgdata"): void {
  const lines = [`volume ${volume}`, "service postgres", "data postgres", `cluster ${id}`, "machine m", "end", ""];
  writeFileSync(join(host.state, "data-1", `aaperture@staging@${volume}`), `slipway data 1\n${lines.join("\n")}`);
}

const body = (release = "1.0.0", compose = "services: {}\n", deadline = "30") => ({
  ...{ directory: join(host.folder, "stack", "migration"), project: "app-migration", service: "migrate", release },
  ...{ image: "registry.test/api@sha256:1", deadline, compose: Buffer.from(compose), env: { staged: "env" } },
  files: files({ "migrations/001.sql": "select 1;\n" }),
});

const runs = (): number => (existsSync(join(place, "runs")) ? readFileSync(join(place, "runs"), "utf8").length / 4 : 0);
/** Lists the remains of a container and its files. */
const left = (): string[] => [
  ...readdirSync(place).filter((name) => name === "container"),
  ...readdirSync(join(host.folder, "stack")),
];

/** The differences that an observation finds. */
async function differences(): Promise<unknown> {
  const applied = (await session.observe()).find(({ fact, object }) => fact === "applied" && object === "migration");
  return applied?.["differences"];
}

/** Applies a body by a verb that is killed at a step, as by a machine that is lost. */
async function killedAt(step: string, release: string): Promise<void> {
  vi.stubEnv("SLIPWAY_DIES_AT", `migration ${step}`);
  await deployer.apply(body(release));
  vi.unstubAllEnvs();
}

describe("the verb migration", { timeout: 60_000 }, () => {
  it("runs the release's service once, with the staged env file, and leaves nothing behind (A9)", async () => {
    expect(await deployer.apply(body())).toBe("applied");
    expect(readFileSync(join(place, "compose.yaml"), "utf8")).toBe("services: {}\n");
    expect(readFileSync(join(place, ".env"), "utf8")).toContain('ENVIRONMENT="staging"');
    expect({ left: left(), differences: await differences() }).toEqual({ left: [], differences: [] });
    expect(await deployer.apply(body("1.0.0", "services: { other: {} }\n", "60"))).toBe("unchanged");
    expect(await deployer.apply(body("1.1.0"))).toBe("applied");
    expect(await deployer.apply(body("1.0.0"))).toBe("unchanged");
    expect(runs()).toBe(2);
  });

  it("has its secret files only while it runs, each for its owner alone (E9)", async () => {
    session.stage("variable.POSTGRES_PASSWORD", "canary-password");
    await session.observe();
    const secrets = { "secrets/db.70": { mode: "0400", owner: "70", staged: "variable.POSTGRES_PASSWORD" } };
    expect(await deployer.apply({ ...body(), secrets })).toBe("applied");
    expect(readFileSync(join(place, "forms"), "utf8")).toBe("700 0 secrets\n400 70 secrets/db.70\n");
    expect(left()).toEqual([]);
  });

  it("does not run again for another database beside it", async () => {
    await deployer.apply(body());
    cluster("8001", "app_second");
    expect(await differences()).toEqual([]);
    expect(await deployer.apply(body("1.0.0", "services: { }\n"))).toBe("unchanged");
    expect(runs()).toBe(1);
  });

  it("runs again on a new database that replaces a lost one", async () => {
    await deployer.apply(body());
    cluster("7002");
    const found = { where: "migration of 1.0.0", expected: "run on this data", found: "run on other data" };
    expect(await differences()).toEqual([found]);
    expect(await deployer.apply(body())).toBe("applied");
    expect(runs()).toBe(2);
  });

  it("rejects a failed run, with service, exit code and last lines, without a secret (F69, F111)", async () => {
    ends("3");
    const said = await deployer.apply(body());
    expect(said).toContain("connects as ***\nthe end\n");
    expect(said).toContain(
      "migration: 'migrate' of release 1.0.0 ended with exit code 3; " +
        "the release before serves on (document 1.a); mend the migration, then release again",
    );
    expect(left()).toEqual([]);
  });

  it("rejects a container that runs past its deadline, and ends it (F72)", async () => {
    ends("never");
    const said = await deployer.apply(body("1.0.0", "services: {}\n", "1"));
    expect(said).toContain("'migrate' of release 1.0.0 was not done within 1 s and was ended");
    expect(dockerCalls(host)).toContain("stop abc");
    expect(left()).toEqual([]);
  });

  it("is deleted with its memory, without a change of data", async () => {
    await deployer.apply(body());
    await session.end();
    expect(await deployer.delete(body())).toBe("deleted");
    expect(readdirSync(join(host.stackState(staging), "memory"))).toEqual([]);
    expect(dockerCalls(host).filter((call) => /^volume (rm|prune|create)/.test(call))).toEqual([]);
  });
});

describe("a migration whose verb was killed (F2)", { timeout: 60_000 }, () => {
  it.each([
    { what: "is awaited while it runs, and its result counts", step: "started", code: "0", total: 1 },
    { what: "runs again if it failed", step: "started", code: "1", total: 2 },
    { what: "runs for its own release after another one's has ended", step: "started", release: "0.9", total: 2 },
    { what: "does not run again if it was done", step: "migrated", code: "0", total: 1 },
  ])("$what", async ({ step, code = "0", release = "1.0.0", total }) => {
    ends(code);
    await killedAt(step, release);
    expect(left()).toEqual(["container", "migration"]);
    ends("0");
    expect(await deployer.apply(body())).toBe(step === "migrated" ? "unchanged" : "applied");
    expect({ runs: runs(), left: left() }).toEqual({ runs: total, left: [] });
  });

  it("rejects a wait longer than its deadline, and ends the container", async () => {
    ends("never");
    await killedAt("started", "1.0.0");
    expect(await deployer.apply(body("1.0.0", "services: {}\n", "1"))).toContain(
      "was not done within 1 s and was ended",
    );
    expect({ runs: runs(), left: left() }).toEqual({ runs: 1, left: [] });
  });
});
