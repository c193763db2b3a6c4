import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { bodySchemas } from "../../../../model/document/bodies.ts";
import type { DocumentMap } from "../../../../model/document/document.ts";
import { parseNumber } from "../../../../model/document/number.ts";
import { writeDocument } from "../../../../model/document/writer.ts";
import { DataMemories } from "../../../../host/data/data-memory.ts";
import { migration } from "../../../../host/verbs/migration.ts";
import { testServer } from "../../../host/verbs/server.ts";
import { base } from "../../../hosts/image/images.ts";
import { recipeTag } from "../../../hosts/image/recipe.ts";
import { ensureImages } from "../../../hosts/image/store.ts";
import { composeOnPath } from "./compose-on-path.ts";
import { killVerb } from "./kill.ts";
import { docker } from "../docker.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
  return await composeOnPath();
});

const env = 'ENVIRONMENT="staging"\nPASSWORD="canary-password"\n';

/** The migration notes each of its runs, waits for `go`, and ends as `code` says. */
const command = `echo $$ENVIRONMENT >>/out/runs; stat -c '%a %u %n' /secrets /secrets/* >/out/forms 2>/dev/null
until [ -e /out/go ]; do sleep 0.05; done
echo connects as $$PASSWORD; echo the end; exit $(cat /out/code)`;

/** A stack with a database and a migration, on this machine's own engine. */
class Migrated {
  readonly server = testServer();
  readonly #out: string;
  readonly #directory: string;
  readonly #project: string;

  constructor() {
    const { folder, unique } = this.server;
    this.#project = `${unique}-migration`;
    this.#out = join(folder, "out");
    this.#directory = join(folder, "shop", "migration");
    mkdirSync(join(folder, "shop"));
    mkdirSync(this.#out);
    this.ends("0");
    this.cluster("7001");
    onTestFinished(() => {
      for (const name of this.containers()) docker("rm", "--force", name);
      const networks = docker("network", "ls", "--quiet", "--filter", `name=${unique}`);
      if (networks !== "") docker("network", "rm", ...networks.split("\n"));
    });
  }

  /** Sets the exit code of the migration. */
  ends(code: string): void {
    writeFileSync(join(this.#out, "code"), code);
    writeFileSync(join(this.#out, "go"), "");
  }

  /** The migration runs until `ends` is called. */
  hangs(): void {
    if (existsSync(join(this.#out, "go")))
      docker("run", "--rm", "--volume", `${this.#out}:/out`, image, "rm", "/out/go");
  }

  /** Sets the cluster that the stack's volume holds. */
  cluster(id: string, volume = "app_pgdata"): void {
    const data = { service: "postgres", cluster: id, folder: "1 2", empty: false, machine: "m" };
    new DataMemories(this.work().places).write("shop/staging", volume, data);
  }

  /** Where each run was. */
  runs(): readonly string[] {
    const path = join(this.#out, "runs");
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  }

  forms(): string {
    return readFileSync(join(this.#out, "forms"), "utf8");
  }

  containers(): string[] {
    const names = docker("ps", "--all", "--filter", `name=${this.#project}`, "--format", "{{.Names}}");
    return names === "" ? [] : names.split("\n");
  }

  /** What is left of it on the server. */
  left(): string[] {
    const networks = docker("network", "ls", "--filter", `name=${this.#project}`, "--format", "{{.Name}}");
    const files = readdirSync(join(this.server.folder, "shop")).filter((name) => name !== ".slipway");
    return [...this.containers(), ...(networks === "" ? [] : [networks]), ...files];
  }

  document({ release = "1.0.0", deadline = "30", more = {} }: Change = {}): DocumentMap {
    const volumes = [`${this.#out}:/out`, `${join(this.#directory, "secrets")}:/secrets`];
    const service = { image, command: ["sh", "-c", command], env_file: [".env"], volumes, restart: "no", init: true };
    const compose = { name: this.#project, services: { migrate: service } };
    return {
      ...{ directory: this.#directory, project: this.#project, service: "migrate", release, image, deadline },
      compose: Buffer.from(`${JSON.stringify(compose)}\n`),
      env: { ".env": { staged: "env" } },
      files: { "migrations/001 'a'.sql": { mode: "0644", content: Buffer.from("select 1;\n") } },
      secrets: { "secrets/db.70": { mode: "0400", owner: "70", staged: "variable.PASSWORD" } },
      ...more,
    };
  }

  async apply(change?: Change): Promise<void> {
    await migration.apply(bodySchemas.migration.parse(this.document(change)), this.work());
  }

  async differences(change?: Change) {
    return await migration.differences(bodySchemas.migration.parse(this.document(change)), this.work());
  }

  async remove(): Promise<void> {
    await migration.remove(bodySchemas.migration.parse(this.document()), this.work());
  }

  killedAt(step: string, change?: Change): void {
    const document = { kind: "migration", resource: "staging-migration", body: this.document(change) };
    const text = writeDocument(document, parseNumber("4.2"));
    const secrets = { env, "variable.PASSWORD": "canary-password" };
    killVerb({ folder: this.server.folder, document: text, step, secrets });
  }

  work() {
    const secrets = new Map([
      ["env", Buffer.from(env)],
      ["variable.PASSWORD", Buffer.from("canary-password")],
    ]);
    return this.server.work("migration", { secrets });
  }
}

interface Change {
  readonly release?: string;
  readonly deadline?: string;
  readonly more?: DocumentMap;
}

const image = recipeTag(base);

describe("the migration of a release", () => {
  it("runs once, with env and secret files for their owners alone, and leaves nothing (A9, B3, E9)", async () => {
    const stack = new Migrated();
    expect(await stack.differences()).toEqual([
      { where: "'migrate' of 1.0.0", expected: "run once", found: "not run" },
    ]);
    await stack.apply();
    expect(stack.forms()).toBe("700 0 /secrets\n400 70 /secrets/db.70\n");
    expect(await stack.differences()).toEqual([]);
    await stack.apply({ deadline: "60" });
    expect(stack.left()).toEqual([]);
    await stack.apply({ release: "1.1.0" });
    await stack.apply();
    expect(stack.runs()).toEqual(["staging", "staging"]);
    expect(stack.left()).toEqual([]);
  });

  it("runs again on a database that replaces a lost one, and not for one beside it", async () => {
    const stack = new Migrated();
    await stack.apply();
    stack.cluster("8001", "app_second");
    expect(await stack.differences()).toEqual([]);
    await stack.apply();
    expect(stack.runs()).toHaveLength(1);
    stack.cluster("7002");
    expect(await stack.differences()).toEqual([
      { where: "'migrate' of 1.0.0", expected: "run on this data", found: "run on other data" },
    ]);
    await stack.apply();
    expect(stack.runs()).toHaveLength(2);
  });

  it("rejects a failed run, with service, exit code and last lines, without a secret (F69, F111)", async () => {
    const stack = new Migrated();
    stack.ends("3");
    await expect(stack.apply()).rejects.toThrow(
      "'migrate' of release 1.0.0 ended with exit code 3; the previous release serves on (document 4.2); " +
        "fix the migration, then release again",
    );
    const said = stack.server.said.map((line) => line.replace(/^\S+: /, ""));
    expect(said).toEqual(expect.arrayContaining(["the last lines of 'migrate':", "connects as ***", "the end"]));
    expect(said.join("\n")).not.toContain("canary");
    expect(stack.left()).toEqual([]);
    stack.ends("0");
    await stack.apply();
    expect(stack.runs()).toHaveLength(2);
  });

  it("rejects a run past its deadline, and ends it (F72)", async () => {
    const stack = new Migrated();
    stack.hangs();
    await expect(stack.apply({ deadline: "1" })).rejects.toThrow(
      "'migrate' of release 1.0.0 was not done within 1 s and was ended",
    );
    expect(stack.left()).toEqual([]);
  });

  it("rejects a release without its staged values, before anything runs", async () => {
    const stack = new Migrated();
    await expect(stack.apply({ more: { env: { ".env": { staged: "other" } } } })).rejects.toThrow(
      "the session brought nothing as 'other' for '.env' (document 4.2); run `pulumi up` again",
    );
    expect(stack.runs()).toEqual([]);
    expect(stack.left()).toEqual([]);
  });
});

describe("a migration whose verb was killed (F2, F43)", () => {
  it.each([
    { what: "is awaited while it runs, and its outcome counts", step: "started", code: "0", runs: 1 },
    { what: "runs again if it failed", step: "started", code: "1", runs: 2 },
    { what: "runs for its own release after that of another one has ended", step: "started", release: "0.9", runs: 2 },
    { what: "does not run again if it was done", step: "migrated", code: "0", runs: 1 },
    { what: "runs if it had not begun", step: "run", code: "0", runs: 1 },
  ])("$what", async ({ step, code = "0", release = "1.0.0", runs }) => {
    const stack = new Migrated();
    if (step === "started") stack.hangs();
    stack.killedAt(step, { release });
    expect(stack.left()).not.toEqual([]);
    stack.ends(code);
    if (code !== "0") for (const name of stack.containers()) docker("wait", name);
    stack.ends("0");
    await stack.apply();
    expect(await stack.differences()).toEqual([]);
    expect({ runs: stack.runs().length, left: stack.left() }).toEqual({ runs, left: [] });
  });

  it("is removed with everything that it left, when the stack is", async () => {
    const stack = new Migrated();
    stack.hangs();
    stack.killedAt("started");
    await stack.remove();
    expect(stack.left()).toEqual([]);
  });
});
