import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../../hosts/condition.ts";
import type { TestServer } from "../../hosts/servers.ts";
import type { Aaperture } from "../stack/aaperture.ts";
import { AapertureServer } from "../stack/aaperture-server.ts";

const long = 600_000;
const project = "aaperture-staging-migration";
const first = { name: "001_photos", sql: "CREATE TABLE photos (title text)" };
const slow = { name: "002_albums", sql: "CREATE TABLE albums AS SELECT 1 AS one; SELECT pg_sleep(6)" };
const broken = { name: "003_broken", sql: "ALTER TABLE nowhere ADD one int" };
let opened: AapertureServer;
let server: TestServer;
let aaperture: Aaperture;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"]);
  ({ server, aaperture } = opened);
  await aaperture.release("1.0.0", { migrations: [first] });
}, long);

afterAll(() => opened.close());

/** Names of the migrations that the database has applied. */
function appliedMigrations(): Promise<string> {
  const query = "select string_agg(name, ' ' order by number) from schema_migrations";
  return opened.on(`docker exec aaperture-staging-postgres psql -U aaperture -At -c "${query}"`);
}

const lineSchema = z.object({ verb: z.string(), action: z.string(), step: z.string() });

/** The steps in the stack's journal: verb, action and step. */
async function steps(): Promise<readonly string[]> {
  const lines = (await opened.on("cat /var/lib/slipway/stacks/aaperture@staging/journal")).split("\n");
  return lines.map((line) => {
    const { verb, action, step } = lineSchema.parse(JSON.parse(line));
    return `${verb} ${action} ${step}`;
  });
}

/** Counts the migration's containers so far. Only their first step counts: a killed verb writes none after it. */
async function countRuns(): Promise<number> {
  return (await steps()).filter((step) => step === "migration apply run").length;
}

/** Waits for the migration's container and returns its environment. */
function migrationEnvironment(): Promise<readonly string[]> {
  const list = `docker ps --quiet --filter label=com.docker.compose.project=${project}`;
  return eventually("the migration runs", 120, async () => {
    const found = await opened.on(`id=$(${list}); [[ -z $id ]] || docker inspect --format '{{json .Config.Env}}' $id`);
    return found === "" ? undefined : (JSON.parse(found) as readonly string[]);
  });
}

const version = (): Promise<string> => opened.on("curl -sS --max-time 10 http://127.0.0.1:18080/version");

describe("A9: the migration of a release (B3)", () => {
  test(
    "runs before the release starts, and leaves neither container nor files",
    async () => {
      await aaperture.succeed("up", "staging", server);
      expect(await appliedMigrations()).toBe("001_photos");
      const all = await steps();
      expect(all.indexOf("migration apply end")).toBeGreaterThan(all.lastIndexOf("compose apply end"));
      expect(all.indexOf("migration apply end")).toBeLessThan(all.indexOf("rollout apply begin"));
      expect(await opened.on("ls /var/www/aaperture-staging")).not.toContain("migration");
      expect(await opened.on(`docker ps --all --quiet --filter label=com.docker.compose.project=${project}`)).toBe("");
    },
    long,
  );

  test(
    "runs once for its release, even if other settings change",
    async () => {
      const settings = { "migration.service": "migrate", "migration.deadline": "2 minutes" };
      await aaperture.withConfig("staging", settings, () => aaperture.succeed("up", "staging", server));
      await aaperture.succeed("up", "staging", server);
      expect(await countRuns()).toBe(1);
    },
    long,
  );

  test(
    "gets ENVIRONMENT=staging and NODE_ENV=production, and runs once even if its verb is killed (F2)",
    async () => {
      await aaperture.release("2.0.0", { migrations: [first, slow] });
      const up = aaperture.start("up", "staging", server);
      const variables = await migrationEnvironment();
      expect(variables).toContain("ENVIRONMENT=staging");
      expect(variables).toContain("NODE_ENV=production");
      await opened.on("pkill -KILL --full '[v]erb aaperture/staging migration apply$'");
      expect((await up.finished).exitCode).not.toBe(0);
      expect(await version()).toContain("1.0.0");
      const { output } = await aaperture.succeed("up", "staging", server);
      expect(output).toContain("which an earlier run began");
      expect({ applied: await appliedMigrations(), made: await countRuns() }).toEqual({
        applied: "001_photos 002_albums",
        made: 2,
      });
      expect(await version()).toContain("2.0.0");
    },
    long,
  );

  test(
    "rejects the release if it fails, with service, exit code and last lines; the old one keeps serving (F69)",
    async () => {
      await aaperture.release("3.0.0", { migrations: [first, slow, broken] });
      const { exitCode, output } = await aaperture.run("up", "staging", server);
      expect(exitCode).not.toBe(0);
      expect(output).toContain("'migrate' of release 3.0.0 ended with exit code 1; the previous release serves on");
      expect(output).toContain('relation "nowhere" does not exist');
      expect({ version: await version(), applied: await appliedMigrations() }).toEqual({
        ...{ version: '"2.0.0"', applied: "001_photos 002_albums" },
      });
      expect(await opened.on("docker ps --format '{{.Names}}' | grep -c -e '-green$'")).toBe("2");
    },
    long,
  );
});
