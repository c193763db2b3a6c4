import type { Body } from "../../model/document/bodies.ts";
import { otherColour, type Colour } from "../../model/colour.ts";
import { timeText } from "../../model/time.ts";
import { messageOf } from "../../model/problem.ts";
import { Failure } from "../failure.ts";
import { step, withSignal, type Work } from "../work.ts";
import { checksOf } from "../checks/checks.ts";
import { ColourProject, requireMemory } from "./colour-project.ts";
import { Colours } from "../colours/colours.ts";
import { drain } from "./drain.ts";
import { heldAdvice, heldText, type Hold } from "../../model/facts/release/release.ts";
import { Holds } from "../colours/holds.ts";
import { findLive } from "../colours/live.ts";
import { Routes } from "../colours/routes.ts";
import { Switch } from "./switch.ts";
import { Standstill } from "./standstill.ts";
import { proveColour, switchBack } from "./switch-back.ts";
import { takeDown } from "./take-down.ts";
import { MovingTraffic } from "../records/traffic.ts";
import { CheckFailure } from "../checks/check-failure.ts";
import { serversOf, workersOf } from "./workers.ts";

/** Seconds in which an old colour is proved and switched back to, or a new one is taken down, whatever the deadline. */
export const undoSeconds = 420;

/**
 * One release on its way to the traffic: it comes up in the colour that does not serve, passes the gate, gets the
 * traffic by one rename, and is watched. Killed at any step, the next run finds what serves in the head of the routes.
 */
export class Rollout {
  readonly #body: Body<"rollout">;
  readonly #work: Work;
  readonly #routes: Routes;
  readonly #switch: Switch;
  #well: (service: string) => Promise<void> = () => Promise.resolve();

  constructor(body: Body<"rollout">, work: Work) {
    this.#body = body;
    this.#work = work;
    this.#routes = new Routes(body, work.engine);
    this.#switch = new Switch(body, this.#routes, work);
  }

  /** `well` is told of each service as soon as all of them are well. */
  async apply(well: (service: string) => Promise<void> = () => Promise.resolve()): Promise<void> {
    this.#well = well;
    await this.#switch.settle();
    this.#requireNotHeld();
    const live = await findLive(this.#colours, this.#work);
    if (live === undefined) await this.#release("blue", undefined);
    else if (this.#isMade(live)) await this.#repair(live);
    else await this.#release(otherColour(live), live);
  }

  /** Read again each time: the routes may have moved in between. */
  get #colours(): Colours {
    return Colours.read(this.#work.state, this.#body, this.#routes.head());
  }

  /** A colour is of this document, or of one that says only in another way how it is checked. */
  #isMade(colour: Colour): boolean {
    const entry = this.#colours.of(colour);
    return entry?.hash === this.#work.hash || entry?.made === this.#body.made;
  }

  #requireNotHeld(): void {
    const { hash, number } = this.#work;
    const hold = new Holds(this.#work.state).of(hash);
    if (hold === undefined) return;
    throw new Failure("release", `release ${heldText(hold)} (document ${number}); ${heldAdvice(hold)}`);
  }

  async #release(colour: Colour, live: Colour | undefined): Promise<void> {
    const { release, strategy } = this.#body;
    this.#say(`brings ${release} up in ${colour}`);
    const isAlone = strategy === "recreate" && live !== undefined;
    const standstill = new Standstill(this.#body, this.#routes, this.#work);
    await using traffic = new MovingTraffic(this.#body, this.#work);
    try {
      await this.#prepare(colour, isAlone);
      if (isAlone) {
        traffic.begin();
        await standstill.begin(colour);
      }
      await this.#bringUp(colour);
      if (live !== undefined) traffic.begin();
      await this.#switch.to(colour);
    } catch (error) {
      if (!standstill.hasBegun) throw await this.#undo(colour, live, this.#failure(error));
      const failure = await this.#leave(colour, { by: "gate", why: messageOf(error) });
      standstill.end();
      throw failure;
    }
    standstill.end();
    this.#colours.setLive(colour, { since: timeText(new Date()) });
    this.#say(`${colour} serves ${release}`);
    await this.#prove(colour, { live: false });
    await this.#keep(colour);
  }

  /** The new colour takes the place of the one that was kept warm. */
  async #prepare(colour: Colour, isAlone: boolean): Promise<void> {
    const { release, commit = "", memory, ...body } = this.#body;
    const { hash, number, run } = this.#work;
    const project = new ColourProject(this.#body, colour, this.#work);
    const freed = isAlone ? await new ColourProject(this.#body, otherColour(colour), this.#work).memory() : 0;
    await step(this.#work, "prepare", async () => {
      // A warm release that is stopped frees no memory, so it need not go for a refusal.
      if (!(await project.isRunning())) requireMemory(memory, number, { freed });
      await takeDown(body, colour, this.#work);
      const own = { release, commit, hash, number, run, made: body.made, since: timeText(new Date()) };
      const checks = checksOf(this.#body);
      const due = Object.keys(workersOf(checks.services)).length > 0 && ({ workers: "due" } as const);
      this.#colours.set(colour, { ...own, ...due, state: "starting", verified: false, checks });
      project.deliver();
      requireMemory(memory, number, { freed });
      // As much as possible is done before the release that serves stops.
      if (isAlone) await project.make();
    });
  }

  async #bringUp(colour: Colour): Promise<void> {
    const project = new ColourProject(this.#body, colour, this.#work);
    await step(this.#work, "up", () => project.up());
    await this.#gate(project, { live: false });
  }

  async #gate(project: ColourProject, how: { readonly live: boolean }): Promise<void> {
    await step(this.#work, "gate", () => project.passGate(how));
    for (const service of Object.keys(serversOf(this.#body.services))) await this.#well(service);
  }

  /** Repairs the live release in place; switches only if the routes differ. */
  async #repair(colour: Colour): Promise<void> {
    const project = new ColourProject(this.#body, colour, this.#work);
    try {
      await step(this.#work, "repair", () => project.repair());
      await this.#gate(project, { live: true });
    } catch (error) {
      throw this.#failure(error);
    }
    if (!(await this.#switch.isFollowed(colour))) await this.#switch.to(colour);
    const { hash, number, run } = this.#work;
    const isVerified = this.#colours.of(colour)?.verified === true;
    const { commit = "" } = this.#body;
    const checks = checksOf(this.#body);
    this.#colours.setLive(colour, { hash, number, commit, checks, ...(!isVerified && { run }) });
    await this.#prove(colour, { live: true, isVerified });
    await this.#keep(colour);
  }

  /** Starts what waits for the switch, and watches what serves; a new release that is not well is left (E4, E18). */
  async #prove(colour: Colour, { live, isVerified = false }: { live: boolean; isVerified?: boolean }): Promise<void> {
    const project = new ColourProject(this.#body, colour, this.#work);
    try {
      await project.takeWork({ live });
      for (const service of Object.keys(workersOf(this.#body.services))) await this.#well(service);
      await step(this.#work, "watch", () => project.watch(this.#body.watch));
    } catch (error) {
      const isKnown = error instanceof CheckFailure || error instanceof Failure;
      const why = isKnown ? error.message : "it could not be watched to the end";
      throw await this.#leave(colour, { by: "watch", why }, isVerified);
    }
  }

  /** Leaves a release that is not well, if there is one to go back to; returns how the verb ends. */
  async #leave(colour: Colour, failed: Pick<Hold, "by" | "why">, isVerified = false): Promise<Failure> {
    const { release } = this.#body;
    const { hash, number } = this.#work;
    const { by, why } = failed;
    const told = `(document ${number}); fix it, then release again`;
    if (isVerified) return new Failure("release", `${release} is unhealthy: ${why} ${told}`);
    const what = `${release} is unhealthy${by === "watch" ? " after the switch" : ""}: ${why}`;
    const undo = withSignal(this.#work, AbortSignal.timeout(undoSeconds * 1000));
    const switched = await switchBack(this.#body, colour, undo);
    this.#work.changed();
    const both = switched.critical === undefined ? "" : `; ${switched.critical}`;
    const options = { critical: switched.critical !== undefined };
    if (switched.back === undefined) {
      return new Failure("release", `${what}${both}; it stays, unverified: ${switched.why} ${told}`, options);
    }
    new Holds(this.#work.state).add({ release, hash, ...failed, who: "", since: timeText(new Date()) });
    const now = `${switched.back.release} in ${switched.colour} serves again, and ${release} is held`;
    return new Failure("release", `${what}${both}; ${now} ${told}`, options);
  }

  /**
   * While a new colour is not live, whatever ends this verb takes it down again; the old one serves on, and is started
   * if it does not run (F40, E13). Returns how the verb ends.
   */
  async #undo(colour: Colour, live: Colour | undefined, failure: unknown): Promise<unknown> {
    const undo = withSignal(this.#work, AbortSignal.timeout(undoSeconds * 1000));
    await new Switch(this.#body, this.#routes, undo).back();
    if (this.#routes.head()?.colour === colour) {
      this.#say(`the routes lead to ${colour}, so it stays; run \`pulumi up\` again`);
      return failure;
    }
    try {
      await takeDown(this.#body, colour, undo);
      const now = live === undefined ? "there was no previous release" : `${live} serves as before`;
      this.#say(`${colour} is down again; ${now}`);
    } catch (error) {
      this.#say(`cannot take ${colour} down: ${messageOf(error)}; the next run does it`);
    }
    this.#work.changed();
    return live === undefined ? failure : await this.#withLive(live, undo, failure);
  }

  /** How the verb ends if the release that serves on is not well either. */
  async #withLive(live: Colour, undo: Work, failure: unknown): Promise<unknown> {
    const entry = this.#colours.of(live);
    if (entry?.checks === undefined) return failure;
    const { why } = await proveColour(this.#body, live, entry, undo);
    if (why === undefined) return failure;
    const told = `critical: ${entry.release} in ${live}, which serves, is unhealthy as well: ${why}`;
    return new Failure("release", `${messageOf(failure)}; ${told}`, { cause: failure, critical: true });
  }

  /** A check that failed, in the words of a run. */
  #failure(error: unknown): unknown {
    if (!(error instanceof CheckFailure)) return error;
    const what = `${this.#body.release} is unhealthy: ${error.message} (document ${this.#work.number})`;
    return new Failure("release", `${what}; fix it, then release again`);
  }

  /** Remembers what was applied; a colour that nothing can go back to is taken down. */
  async #keep(colour: Colour): Promise<void> {
    await step(this.#work, "retire", async () => {
      const other = otherColour(colour);
      if (this.#colours.of(other)?.state === "warm") return;
      await drain(this.#body, other, this.#work);
      await takeDown(this.#body, other, this.#work);
    });
    await new ColourProject(this.#body, colour, this.#work).remember();
    const confirmed = this.#work.state.body("confirm")?.rollout;
    if (confirmed === this.#work.hash) this.#colours.setLive(colour, { verified: true });
  }

  #say(message: string): void {
    this.#work.say("release", message);
  }
}
