import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Body } from "../../model/document/bodies.ts";
import { isWhole } from "../../model/facts/release/release.ts";
import { DataMemories } from "../data/data-memory.ts";
import type { Container } from "../docker/container.ts";
import { Engine } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import { sumOf } from "../files/read.ts";
import { awaitEnd } from "../health/end.ts";
import { releaseFiles } from "../project/files.ts";
import { Project } from "../project/project.ts";
import { DatabaseSchemas } from "../state/database-schemas.ts";
import { Records } from "../records/records.ts";
import type { Verb } from "./verb.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";

/** The label that tells the container of one migration from those of others. */
const label = "slipway.migration";

/** Migrations that are remembered; older ones are forgotten. */
const most = 1000;

/** A migration that ended well: its service, the release, its image, and the databases by volume and cluster. */
const doneSchema = z.object({
  service: z.string(),
  release: z.string(),
  image: z.string(),
  data: z.record(z.string(), z.string()),
});

type Done = Readonly<z.output<typeof doneSchema>>;

/**
 * A migration of a release, run to its end before the release comes up (A9, B3), once for each release, image and
 * data.
 */
export const migration: Verb<"migration"> = {
  kind: "migration",

  /** One that a dead run left may have to be waited for first. */
  seconds: ({ deadline }) => 2 * deadline + 300,

  differences(body, view) {
    const where = `'${body.service}' of ${body.release}`;
    const same = remembered(view).filter((done) => isOf(body, done));
    if (wasMigrated(body, view) || isPast(body, view)) return Promise.resolve([]);
    if (same.length > 0) {
      return Promise.resolve([{ where, expected: "run on this data", found: "run on other data" }]);
    }
    return Promise.resolve([{ where, expected: "run once", found: "not run" }]);
  },

  async apply(body, work) {
    await new MigrationRun(body, work).apply();
    return {};
  },

  async remove(body, work) {
    await projectOf(body, work).removeAll();
  },
};

/**
 * One application of a document. The container is not removed before its outcome is remembered, so a run after one that
 * was killed knows what became of it: it waits for a container that is still at work, takes the outcome of one that
 * ended well, and runs again only what failed or never began, since a migration must stand being run again.
 */
class MigrationRun {
  readonly #body: Body<"migration">;
  readonly #work: Work;
  readonly #project: Project;
  readonly #done: Done;

  constructor(body: Body<"migration">, work: Work) {
    this.#body = body;
    this.#work = work;
    this.#project = projectOf(body, work);
    this.#done = { service: body.service, release: body.release, image: body.image, data: databases(work) };
  }

  async apply(): Promise<void> {
    // Whatever else the document says now, this release was migrated; a run that was killed just then left something.
    if (!wasMigrated(this.#body, this.#work) && !isPast(this.#body, this.#work)) await this.#migrate();
    await this.#project.removeAll();
  }

  /** Whatever ends the verb ends the container too: nobody would wait for it. Only a killed verb leaves it. */
  async #migrate(): Promise<void> {
    try {
      if (!(await this.#settle())) await this.#run();
    } catch (error) {
      await this.#project.removeAll().catch(() => undefined);
      throw error;
    }
    const others = remembered(this.#work).filter((done) => !isDeepStrictEqual(done, this.#done));
    this.#work.state.remember(memory, [...others, this.#done].slice(-most));
    this.#noteSchema();
    this.#work.journal("migrated");
  }

  /** An image that migrated before has led to no other schema now. */
  #noteSchema(): void {
    const schemas = new DatabaseSchemas(this.#work.state);
    const { image, schema } = this.#body;
    const isNew = !remembered(this.#work).some((done) => done.image === image && !isDeepStrictEqual(done, this.#done));
    if (schema !== undefined) schemas.noteNamed(this.#body, this.#work);
    else if (isNew) schemas.noteMigrated(this.#body, this.#work);
  }

  /** Waits for what a dead run left, and removes it; tells whether that was this migration, and it ended well. */
  async #settle(): Promise<boolean> {
    let settled = false;
    for (const left of await this.#project.allContainers()) {
      if (left.state === "created") continue;
      this.#work.journal("wait");
      this.#say(`waits for '${left.name}', which an earlier run began`);
      const { exitCode } = await this.#wait(left);
      this.#say(`it ended with exit code ${exitCode}`);
      settled ||= exitCode === 0 && labelOf(left) === this.#label;
    }
    if (!settled) await this.#project.removeAll();
    return settled;
  }

  async #run(): Promise<void> {
    this.#work.journal("deliver");
    this.#project.deliver(releaseFiles(this.#body, this.#work));
    this.#work.journal("run");
    this.#say(`runs ${this.#named}`);
    const container = await this.#start();
    this.#work.journal("started");
    const ended = await this.#wait(container);
    await this.#project.sayLogs(ended);
    if (ended.exitCode !== 0) throw this.#failure(`${this.#named} ended with exit code ${ended.exitCode}`);
  }

  /** Without `--rm`: the container goes when its outcome is known. */
  async #start(): Promise<Container> {
    const [name = this.#project.place.project] = this.#project.containerNames().keys();
    const named = ["--name", name, "--label", `${label}=${this.#label}`]; // by itself Compose would choose a name
    const words = ["run", "--detach", "--no-deps", "-T", ...named, this.#body.service];
    const { code, output } = await this.#project.compose(words, 120);
    if (code !== 0) {
      await this.#project.showCompose(output);
      throw this.#failure(`Compose could not start ${this.#named}`);
    }
    const container = (await this.#project.allContainers()).find((found) => labelOf(found) === this.#label);
    return container ?? this.#failGone();
  }

  /** Waits until a container has ended, within the migration's deadline; the engine may restart in between. */
  async #wait(container: Container): Promise<Container> {
    const { deadline } = this.#body;
    const late = AbortSignal.timeout(deadline * 1000);
    const signal = AbortSignal.any([this.#work.signal, late]);
    using _wait = this.#work.progress.waits(() => `waits for ${this.#named} to end, within ${deadline} s`);
    try {
      const { engine } = this.#work;
      return (await Engine.during("migration", () => awaitEnd(engine, container.id, signal))) ?? this.#failGone();
    } catch (error) {
      if (!signal.aborted) throw error;
      await this.#project.sayLogs(container);
      throw this.#failure(`${this.#named} was not done within ${deadline} s and was ended`);
    }
  }

  get #named(): string {
    return `'${this.#body.service}' of release ${this.#body.release}`;
  }

  get #label(): string {
    const { service, release, image, data } = this.#done;
    const sorted = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
    return sumOf(JSON.stringify([service, release, image, sorted]));
  }

  #failGone(): never {
    throw this.#failure(`the container of ${this.#named} is gone`);
  }

  #failure(what: string): Failure {
    const todo = "fix the migration, then release again";
    return new Failure("migration", `${what}; the previous release serves on (document ${this.#work.number}); ${todo}`);
  }

  #say(message: string): void {
    this.#work.say("migration", message);
  }
}

const memory = "migration";

function remembered({ state }: View): readonly Done[] {
  return state.memory(memory, z.array(doneSchema)) ?? [];
}

/** Whether it was done on data that is still there; a database that came later says nothing about that. */
function wasMigrated(body: Body<"migration">, view: View): boolean {
  const now = databases(view);
  return remembered(view).some((done) => {
    if (!isOf(body, done)) return false;
    return Object.entries(done.data).every(([volume, cluster]) => now[volume] === cluster);
  });
}

/**
 * Whether a release that served before is gone back to, on data that a later release migrated: going back never
 * migrates, also to a release of a time without this migration (F60).
 */
function isPast({ service, release, image }: Body<"migration">, view: View): boolean {
  const now = databases(view);
  const others = remembered(view).filter((done) => done.service === service && done.release !== release);
  const migrated = others.some(({ data }) => Object.entries(data).every(([volume, id]) => now[volume] === id));
  const hasServed = new Records(view.places)
    .all()
    .some((record) => isWhole(record) && record.release === release && Object.values(record.images).includes(image));
  return migrated && hasServed;
}

function isOf({ service, release, image }: Body<"migration">, done: Done): boolean {
  return done.service === service && done.release === release && done.image === image;
}

/** The stack's databases, by volume: one that was lost and begun again has seen no migration. */
function databases({ places }: View): Readonly<Record<string, string>> {
  const own = new DataMemories(places).about(places.stack, []).filter(({ data }) => data.cluster !== "");
  return Object.fromEntries(own.map(({ volume, data }) => [volume, data.cluster]));
}

function labelOf({ inspection }: Container): string | undefined {
  return inspection.Config.Labels?.[label];
}

function projectOf({ project, directory }: Body<"migration">, work: Work): Project {
  return new Project({ project, directory, env: `${directory}/.env` }, work);
}
