import type { Body } from "../../model/document/bodies.ts";
import { otherColour, type Colour } from "../../model/colour.ts";
import { timeText } from "../../model/time.ts";
import { messageOf } from "../../model/problem.ts";
import { Failure } from "../failure.ts";
import { step, withSignal, type Work } from "../work.ts";
import { checksOf } from "../checks/checks.ts";
import { ColourProject, requireMemory } from "./colour-project.ts";
import { Colours } from "./colours.ts";
import { Holds } from "./holds.ts";
import { findLive } from "./live.ts";
import { Routes } from "./routes.ts";
import { Switch } from "./switch.ts";
import { switchBack } from "./switch-back.ts";
import { takeDown } from "./take-down.ts";
import { CheckFailure } from "../checks/check-failure.ts";
import { watchRelease } from "../checks/watch.ts";

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
    const { release, by, since, why } = hold;
    const what = `release '${release}' is held by ${by} since ${since}: ${why} (document ${number})`;
    throw new Failure("release", `${what}; release another version`);
  }

  async #release(colour: Colour, live: Colour | undefined): Promise<void> {
    const { release } = this.#body;
    this.#say(`brings ${release} up in ${colour}`);
    try {
      await this.#bringUp(colour);
      await this.#switch.to(colour);
    } catch (error) {
      await this.#undo(colour, live);
      throw error;
    }
    this.#colours.setLive(colour, { since: timeText(new Date()) });
    this.#say(`${colour} serves ${release}`);
    await this.#watch(colour);
    await this.#keep(colour);
  }

  /** The new colour takes the place of the one that was kept warm. */
  async #bringUp(colour: Colour): Promise<void> {
    const { release, commit = "", memory, ...body } = this.#body;
    const { hash, number, run } = this.#work;
    const project = new ColourProject(this.#body, colour, this.#work);
    await step(this.#work, "prepare", async () => {
      // A warm release that is stopped frees no memory, so it need not go for a refusal.
      if (!(await project.isRunning())) requireMemory(memory, number);
      await takeDown(body, colour, this.#work);
      const own = { release, commit, hash, number, run, made: body.made, since: timeText(new Date()) };
      this.#colours.set(colour, { ...own, state: "starting", verified: false, checks: checksOf(this.#body) });
      project.deliver();
      requireMemory(memory, number);
    });
    await step(this.#work, "up", () => project.up());
    await this.#gate(project, { live: false });
  }

  async #gate(project: ColourProject, how: { readonly live: boolean }): Promise<void> {
    await step(this.#work, "gate", () => project.passGate(how));
    for (const service of Object.keys(this.#body.services)) await this.#well(service);
  }

  /** Repairs the live release in place; switches only if the routes differ. */
  async #repair(colour: Colour): Promise<void> {
    const project = new ColourProject(this.#body, colour, this.#work);
    await step(this.#work, "repair", () => project.repair());
    await this.#gate(project, { live: true });
    if (!(await this.#switch.isFollowed(colour))) await this.#switch.to(colour);
    const { hash, number, run } = this.#work;
    const isVerified = this.#colours.of(colour)?.verified === true;
    const { commit = "" } = this.#body;
    const checks = checksOf(this.#body);
    this.#colours.setLive(colour, { hash, number, commit, checks, ...(!isVerified && { run }) });
    await this.#watch(colour, isVerified);
    await this.#keep(colour);
  }

  /** Watches what serves. A new release that is not well is left for the one before, if that is well (E4, E18). */
  async #watch(colour: Colour, isVerified = false): Promise<void> {
    const { engine, signal } = this.#work;
    const project = new ColourProject(this.#body, colour, this.#work);
    const { release, watch: seconds } = this.#body;
    const own = { engine, place: this.#body, project: project.name, release, checks: checksOf(this.#body) };
    try {
      await step(this.#work, "watch", () => watchRelease({ ...own, seconds, signal }));
    } catch (error) {
      const isUnhealthy = error instanceof CheckFailure;
      if (isUnhealthy && error.container !== undefined) await project.sayLogs(error.container);
      throw await this.#leave(colour, isUnhealthy ? error.message : "it could not be watched to the end", isVerified);
    }
  }

  /** Leaves a release that is not well, if there is one to go back to; returns how the verb ends. */
  async #leave(colour: Colour, why: string, isVerified: boolean): Promise<Failure> {
    const { release } = this.#body;
    const { hash, number } = this.#work;
    const what = `${release} is unhealthy after the switch: ${why}`;
    const told = `(document ${number}); fix it, then release again`;
    if (isVerified) return new Failure("release", `${release} is unhealthy: ${why} ${told}`);
    const undo = withSignal(this.#work, AbortSignal.timeout(undoSeconds * 1000));
    const switched = await switchBack(this.#body, colour, undo);
    this.#work.changed();
    if (switched.back === undefined) {
      return new Failure("release", `${what}; it stays, unverified: ${switched.why} ${told}`);
    }
    new Holds(this.#work.state).add({ release, hash, by: "watch", why, since: timeText(new Date()) });
    const now = `${switched.back.release} in ${switched.colour} serves again, and ${release} is held`;
    return new Failure("release", `${what}; ${now} ${told}`);
  }

  /** While a new colour is not live, whatever ends this verb takes it down again; the old one serves on (F40). */
  async #undo(colour: Colour, live: Colour | undefined): Promise<void> {
    const undo = withSignal(this.#work, AbortSignal.timeout(undoSeconds * 1000));
    await new Switch(this.#body, this.#routes, undo).back();
    if (this.#routes.head()?.colour === colour) {
      this.#say(`the routes lead to ${colour}, so it stays; run \`pulumi up\` again`);
      return;
    }
    try {
      await takeDown(this.#body, colour, undo);
      const now = live === undefined ? "there was no previous release" : `${live} serves as before`;
      this.#say(`${colour} is down again; ${now}`);
    } catch (error) {
      this.#say(`cannot take ${colour} down: ${messageOf(error)}; the next run does it`);
    }
    this.#work.changed();
  }

  /** Remembers what was applied; a colour that nothing can go back to is taken down. */
  async #keep(colour: Colour): Promise<void> {
    await step(this.#work, "retire", async () => {
      const other = otherColour(colour);
      if (this.#colours.of(other)?.state !== "warm") await takeDown(this.#body, other, this.#work);
    });
    await new ColourProject(this.#body, colour, this.#work).remember();
    const confirmed = this.#work.state.body("confirm")?.rollout;
    if (confirmed === this.#work.hash) this.#colours.setLive(colour, { verified: true });
  }

  #say(message: string): void {
    this.#work.say("release", message);
  }
}
