import { releaseDocuments } from "../../../model/plan/parts-of-plan.ts";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Engine } from "../../../../host/docker/engine.ts";
import { stackPlaces, type StackPlaces } from "../../../../host/places.ts";
import { settleWork } from "../../../../host/release/settle-work.ts";
import { compose } from "../../../../host/verbs/compose.ts";
import { networks } from "../../../../host/verbs/networks.ts";
import { runVerb } from "../../../../host/verbs/run-verb.ts";
import { verbOf } from "../../../../host/verbs/table.ts";
import { ServerView } from "../../../../host/view.ts";
import { bodySchemas, type DocumentKind } from "../../../../model/document/bodies.ts";
import type { DocumentMap } from "../../../../model/document/document.ts";
import { parseNumber } from "../../../../model/document/number.ts";
import { writeDocument } from "../../../../model/document/writer.ts";
import type { ReleaseDocuments } from "../../../../model/plan/plan.ts";
import { app, traefik } from "../../../hosts/image/images.ts";
import { ensureImages } from "../../../hosts/image/store.ts";
import type { Targets } from "../../../hosts/load/requests.ts";
import { freePort } from "../../../hosts/port.ts";
import type { AppRelease } from "../../../hosts/registry/app-release.ts";
import { observed } from "../../../model/facts/observed.ts";
import { messageOf } from "../../../../model/problem.ts";
import { composeOnPath } from "../compose/compose-on-path.ts";
import { docker } from "../docker.ts";
import { ReleasePlans, type Bringing, type ReleasePlaces } from "./release-plan.ts";
import { ReleaseSight } from "./release-sight.ts";
import { TestSession } from "./test-session.ts";

const stackName = "shop/staging";
let stacks = 0;

/** What a verb answered, or why it failed. */
export interface VerbEnd {
  readonly answer: Readonly<Record<string, unknown>> | undefined;
  readonly error: string;
}

/**
 * A stack with releases of three services on this machine's own engine. Documents and files are those of the real
 * model, and the proxy is a real Traefik.
 */
export class ReleaseStack {
  readonly sight: ReleaseSight;
  readonly session: TestSession;
  readonly said: string[] = [];
  /** The engine that the verbs ask. */
  engine = new Engine();
  readonly places: StackPlaces;
  readonly #where: ReleasePlaces;
  readonly #plans: ReleasePlans;

  private constructor(where: ReleasePlaces) {
    const { folder } = where;
    this.#where = where;
    this.places = stackPlaces({ state: join(folder, "state"), run: join(folder, "run") }, stackName);
    this.#plans = new ReleasePlans(where);
    this.sight = new ReleaseSight(where, () => this.view());
    this.session = new TestSession(this.places.stackRun, () => this.view(), this.#say);
  }

  /** A stack for a file of tests, and the end of it. */
  static async open(): Promise<{ stack: ReleaseStack; close: () => void }> {
    await ensureImages([app, traefik], () => undefined);
    const closeCompose = await composeOnPath();
    const folder = mkdtempSync(join(tmpdir(), "slipway-release-"));
    const ports = { api: await freePort(), web: await freePort() };
    const project = `slipway-release-${process.pid}-${(stacks += 1)}`;
    const stack = new ReleaseStack({ folder, directory: join(folder, "shop"), project, ports });
    mkdirSync(stack.directory, { mode: 0o750 });
    await stack.#raiseProxy();
    const close = (): void => {
      stack.#close();
      closeCompose();
    };
    return { stack, close };
  }

  get directory(): string {
    return this.#where.directory;
  }

  get project(): string {
    return this.#where.project;
  }

  /** The addresses of the published services. */
  get targets(): Targets {
    const { api, web } = this.#where.ports;
    return { api: `http://127.0.0.1:${api}`, web: `http://127.0.0.1:${web}` };
  }

  view(): ServerView {
    return new ServerView(this.places, this.engine);
  }

  /** The plan of a release, made of what the server tells now. */
  async plan(release: AppRelease, more: Bringing = {}): Promise<ReleaseDocuments> {
    return releaseDocuments(await this.#plans.plan(release, await this.sight.observe(), more));
  }

  /** A whole run that brings a release and confirms it. */
  async up(release: AppRelease, more: Bringing = {}, journaled?: (step: string) => void): Promise<VerbEnd> {
    await this.session.begin();
    try {
      const plan = await this.#planWithImages(release, more);
      const rollout = await this.apply("rollout", plan.rollout.text, journaled);
      return rollout.error === "" ? await this.apply("confirm", plan.confirm.text) : rollout;
    } finally {
      await this.session.end();
    }
  }

  /** The rollout alone, in the open session. */
  async roll(release: AppRelease, more: Bringing = {}, journaled?: (step: string) => void): Promise<VerbEnd> {
    return await this.apply("rollout", (await this.#planWithImages(release, more)).rollout.text, journaled);
  }

  /** The plan of a release whose images are applied: from them a later run knows what a dead one brought. */
  async #planWithImages(release: AppRelease, more: Bringing): Promise<ReleaseDocuments> {
    const plan = await this.#plans.plan(release, await this.sight.observe(), more);
    const { error } = await this.apply("images", plan.images.text);
    if (error !== "") throw new Error(error);
    return releaseDocuments(plan);
  }

  async apply(
    kind: "images" | "rollout" | "confirm",
    text: string,
    journaled?: (step: string) => void,
  ): Promise<VerbEnd> {
    const { places, view } = { places: this.places, view: this.view() };
    const own = { action: "apply", places, engine: view.engine, text, say: this.#say } as const;
    const task = { ...own, ...(journaled && { journaled }) };
    try {
      return { answer: await runVerb<DocumentKind>(verbOf<DocumentKind>(kind), task), error: "" };
    } catch (error) {
      return { answer: undefined, error: messageOf(error) };
    }
  }

  /** The document of a release with something that no plan would say. */
  async changed(release: AppRelease, body: DocumentMap): Promise<string> {
    const { rollout } = await this.plan(release);
    const document = { ...rollout.document, body: { ...rollout.document.body, ...body } };
    return writeDocument(document, parseNumber(rollout.number));
  }

  /** Deletes the release, as `pulumi destroy` does. */
  async delete(): Promise<void> {
    const { text } = (await this.plan({ version: "last" })).rollout;
    const { engine } = this.view();
    await runVerb(verbOf("rollout"), { action: "delete", places: this.places, engine, text, say: this.#say });
  }

  /** Runs a verb in a process of its own, which dies by SIGKILL at a step of its journal. */
  async dieAt(step: string, kind: "rollout" | "confirm", text: string): Promise<void> {
    const { state, run } = this.places;
    const words = [join(import.meta.dirname, "dying-verb.ts"), state, run, stackName, kind, step];
    const child = spawn(process.execPath, words, { stdio: ["pipe", "inherit", "pipe"] });
    const said: Buffer[] = [];
    child.stderr.on("data", (bytes: Buffer) => said.push(bytes));
    child.stdin.end(text);
    const signal = await new Promise((resolve) => child.once("close", (_code, by) => resolve(by)));
    if (signal !== "SIGKILL") throw new Error(`it did not reach '${step}': ${Buffer.concat(said).toString("utf8")}`);
  }

  routes(): string {
    return readFileSync(this.#routes, "utf8");
  }

  /** When the routes in place were written, in milliseconds of the clock. */
  routesWritten(): number {
    return statSync(this.#routes).mtimeMs;
  }

  get #routes(): string {
    return join(this.directory, "slipway-proxy/dynamic/routes.yaml");
  }

  /** Every file and folder in the stack's directory, without slipway's own folder for drafts. */
  files(): string[] {
    const names = readdirSync(this.directory, { recursive: true, encoding: "utf8" });
    return names.filter((name) => !name.startsWith(".slipway")).sort();
  }

  readonly #say = (phase: string, message: string): void => void this.said.push(`${phase}: ${message}`);

  async #raiseProxy(): Promise<void> {
    const plan = await this.#plans.plan({ version: "none" }, observed());
    const work = settleWork(this.view(), this.#say, "-");
    await networks.apply(bodySchemas.networks.parse(plan.networks.document.body), work);
    await compose.apply(bodySchemas.compose.parse(releaseDocuments(plan).proxy.document.body), work);
  }

  #close(): void {
    const ids = docker("ps", "--all", "--quiet", "--filter", `name=^${this.project}-`);
    if (ids !== "") docker("rm", "--force", ...ids.split("\n"));
    for (const network of docker("network", "ls", "--quiet", "--filter", `name=^${this.project}`).split("\n")) {
      removeNetwork(network);
    }
    this.#plans.close();
    rmSync(this.#where.folder, { recursive: true, force: true });
  }
}

/** Old engines keep a network for ever if a container left it in a bad moment. */
function removeNetwork(id: string): void {
  try {
    if (id !== "") docker("network", "rm", id);
  } catch {
    // It stays until this machine's engine is started again.
  }
}
