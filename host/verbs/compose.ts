import { longestDeadline, type Body } from "../../model/document/bodies.ts";
import { placeText } from "../../model/data-place.ts";
import type { Difference } from "../../model/facts/observation.ts";
import type { Container } from "../docker/container.ts";
import { dataAnswer, DataGuard } from "../data/guard.ts";
import { withAddresses } from "../network/addresses.ts";
import { forgetDeclared, rememberDeclared } from "../network/declared.ts";
import { Joins } from "../network/joins.ts";
import { removeUnused } from "../network/unused.ts";
import { secretsDelivery } from "../delivery/deliveries.ts";
import { secretFolder } from "../files/secret-folder.ts";
import { composeObject } from "../../model/document/object.ts";
import { hasFinished, type AwaitedService } from "../health/wait.ts";
import type { ProjectPlace } from "../project/compose-command.ts";
import { projectFiles } from "../project/files.ts";
import { mountsOf, staleMounts, type StaleMount } from "../project/mounts.ts";
import { ProjectView } from "../project/project-view.ts";
import { Project } from "../project/project.ts";
import { rewrittenServices } from "../project/rewritten.ts";
import { Snapshot } from "../project/snapshot.ts";
import { forgetUnfinished, rememberUnfinished, snapshotsOf, unfinishedNumber } from "../project/unfinished.ts";
import type { Told, Verb } from "./verb.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";

/**
 * A compose project that is not a release: the proxy, or the shared services, of which those that wait for the release
 * have a document of their own. Its volumes are never touched.
 */
export const compose: Verb<"compose"> = {
  kind: "compose",

  seconds: (body) => 2 * longestDeadline(body) + 600,

  async differences(body, view) {
    const project = new ProjectView(placeOf(body), view);
    const containers = await project.containers();
    const joins = new Joins(body, view.state);
    const stale = [...staleMounts(containers, body.directory), ...spoiledMounts(body, view, containers)];
    return [
      ...unfinished(body, view),
      ...(await new Snapshot(view, joins.beside(view)).differences(snapshotsOf(body), project)),
      ...(await joins.differences(project)),
      ...differencesOf(stale),
    ];
  },

  async apply(body, work) {
    return await new ComposeRun(body, work).apply();
  },

  told: (body, view) => dataAnswer(body.services, view),

  async remove(body, work) {
    await new Project(placeNow(body, work), work).removeAll();
    new Snapshot(work).forget(snapshotsOf(body));
    forgetUnfinished(body, work.state);
    forgetDeclared(body, work.state);
    await removeUnused(work);
    const volumes = Object.values(body.services).flatMap((service) => Object.keys(service.volumes));
    for (const volume of new Set(volumes)) work.say(body.project, `keeps ${placeText(volume)}`);
  },
};

/** One application of a document. Each step is safe to repeat: a killed run's next one does all of them. */
class ComposeRun {
  readonly #body: Body<"compose">;
  readonly #work: Work;
  readonly #project: Project;
  readonly #guard: DataGuard;
  readonly #snapshot: Snapshot;
  readonly #joins: Joins;

  constructor(body: Body<"compose">, work: Work) {
    this.#body = body;
    this.#work = work;
    this.#project = new Project(placeOf(body), work);
    this.#guard = new DataGuard(body.services, work);
    this.#joins = new Joins(body, work.state);
    this.#snapshot = new Snapshot(work, this.#joins.beside(work));
  }

  async apply(): Promise<Told> {
    const services = Object.keys(this.#body.services);
    await this.#guard.check();
    this.#work.journal("deliver");
    rememberUnfinished(this.#body, this.#work);
    rememberDeclared(this.#body, this.#work.state);
    await this.#deliver();
    this.#snapshot.handOver(snapshotsOf(this.#body), this.#project);
    this.#work.journal("clear");
    await this.#project.remove(await this.#snapshot.changed(snapshotsOf(this.#body), this.#project));
    await this.#project.removeExcept(services);
    await this.#project.remove(await this.#rewrittenJobs());
    const before = new Set((await this.#running()).map(({ id }) => id));
    this.#work.journal("up");
    await this.#up();
    this.#work.journal("wait");
    await this.#waitReady();
    this.#work.journal("refresh");
    await this.#refresh(before);
    await this.#remember();
    forgetUnfinished(this.#body, this.#work.state);
    await removeUnused(this.#work);
    return dataAnswer(this.#body.services, this.#work);
  }

  /** Only the proxy's document brings files; its own addresses stand in them. */
  async #deliver(): Promise<void> {
    const { compose, files } = this.#body;
    if (files === undefined) {
      this.#project.deliver(projectFiles(this.#body));
      return;
    }
    const filled = await withAddresses(this.#work);
    const entries = Object.entries(files).map(
      ([path, file]) => [path, { ...file, content: filled(file.content) }] as const,
    );
    this.#project.deliver(
      projectFiles({ ...this.#body, compose: filled(compose), files: Object.fromEntries(entries) }),
    );
  }

  /** What Compose has made is remembered at once, so that the next run keeps it though this one fails or is killed. */
  async #up(): Promise<void> {
    this.#snapshot.forget(snapshotsOf(this.#body));
    try {
      // A container that starts finds whom it calls, and the proxy its addresses.
      const join = (): Promise<void> => this.#joins.connect(this.#project, this.#work);
      await this.#project.up(this.#awaited, { made: this.#joins.isEmpty ? undefined : join });
      await join();
    } catch (error) {
      await this.#remember().catch(() => undefined);
      await this.#rememberWell();
      throw error;
    }
    await this.#remember();
  }

  async #remember(): Promise<void> {
    await this.#snapshot.remember(snapshotsOf(this.#body), this.#project);
  }

  /** What a service has written is guarded from now on, though another one failed (SEC-B11). */
  async #rememberWell(): Promise<void> {
    for (const { service, health, restarts } of await this.#running()) {
      if (health !== "healthy" && (health !== "" || restarts > 0)) continue;
      await this.#guard.remember(service).catch(() => undefined); // it may have written nothing yet
    }
  }

  /** A job that has ended and mounts a file that was written again is made again: to Compose nothing of it changed. */
  async #rewrittenJobs(): Promise<Container[]> {
    const rewritten = new Set(rewrittenServices(appliedServices(this.#work), this.#body.services));
    const { services } = this.#body;
    const all = await this.#project.containers();
    return all.filter((one) => rewritten.has(one.service) && hasFinished(one, services[one.service]?.job));
  }

  get #awaited(): AwaitedService[] {
    return Object.entries(this.#body.services).map(([name, { deadline, job }]) => ({ name, deadline, job }));
  }

  async #waitReady(): Promise<void> {
    await this.#project.waitReady(this.#awaited, async (service) => await this.#guard.remember(service));
  }

  /** A container sees a mounted file that was replaced after a restart; one that was just made has seen it. */
  async #refresh(before: ReadonlySet<string>): Promise<void> {
    const running = await this.#running();
    const stale = new Set(staleMounts(running, this.#body.directory).map(({ container }) => container.id));
    const rewritten = new Set(rewrittenServices(appliedServices(this.#work), this.#body.services));
    const due = running.filter(({ id, service }) => stale.has(id) || (rewritten.has(service) && before.has(id)));
    if (due.length === 0) return;
    for (const { service } of due) {
      this.#work.say(this.#body.project, `restarts '${service}', which mounts a file that was written again`);
    }
    await this.#project.restart(due);
    await this.#waitReady();
  }

  async #running(): Promise<Container[]> {
    return (await this.#project.containers()).filter(({ state }) => state === "running");
  }
}

/** The place of a document's services. */
export function placeOf({ project, directory, env, after, beside = {} }: Body<"compose">): ProjectPlace {
  return { project, directory, env, after, beside: Object.keys(beside) };
}

/** The same when the document is removed: another one may start its services since it was applied. */
function placeNow(body: Body<"compose">, { state }: View): ProjectPlace {
  const other = state.body("compose", composeObject(body.project, body.after === undefined));
  return other === undefined ? placeOf(body) : { ...placeOf(body), beside: Object.keys(other.services) };
}

/**
 * A run that failed has left its own files and containers. A way back to the applied document would find nothing to do,
 * since what the run has made is remembered.
 */
function unfinished(body: Body<"compose">, { state }: View): Difference[] {
  const number = unfinishedNumber(body, state);
  if (number === undefined) return [];
  return [{ where: body.project, expected: "as it was applied", found: `left by document ${number}, which failed` }];
}

function appliedServices({ state, object }: Work): Body<"compose">["services"] {
  return state.body("compose", object)?.services ?? {};
}

/**
 * The mounts of secret files that are not as they were delivered. The verb `secrets` writes them again before this verb
 * runs, and then their containers have the earlier ones.
 */
function spoiledMounts({ directory, env }: Body<"compose">, { state }: View, containers: readonly Container[]) {
  if (env === undefined) return [];
  const delivery = secretsDelivery(directory, state);
  const spoiled = Object.entries(delivery.written).filter(
    ([path, { sha256 }]) => path.startsWith(`${secretFolder}/`) && delivery.sumOf(path) !== sha256,
  );
  return mountsOf(containers, new Set(spoiled.map(([path]) => `${directory}/${path}`)));
}

function differencesOf(mounts: readonly StaleMount[]): Difference[] {
  const places = new Set(mounts.map(({ container, target }) => `${container.name} ${target}`));
  return [...places].map((where) => ({ where, expected: "the file as it is", found: "an earlier one" }));
}
