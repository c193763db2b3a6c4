import { setTimeout as pause } from "node:timers/promises";
import { otherColour, type Colour } from "../../model/colour.ts";
import type { LogsWish } from "../../model/session/logs.ts";
import { chosenColour, liveColour } from "../colours/chosen-colour.ts";
import { Colours } from "../colours/colours.ts";
import { stackContainers } from "../stack/stack-containers.ts";
import type { ServerView } from "../view.ts";
import type { Logs } from "./logs.ts";
import { sourcesOf, type LogSource } from "./log-sources.ts";

/** Milliseconds between two looks at which colour serves: the engine has no event for a switch. */
const lookMilliseconds = 1000;

/** Follows a stack's logs: also those of containers that start later, and of the next release once it serves. */
export class Follower {
  readonly #wish: LogsWish;
  readonly #view: ServerView;
  readonly #logs: Logs;
  readonly #gone: AbortSignal;
  /** The containers whose logs are being read. */
  readonly #read = new Set<string>();
  readonly #known = new Set<string>();
  #looked = false;
  #colour: Colour | undefined;
  /** A container started since the list was read. */
  #started = false;
  #listening = false;
  #broken: Error | undefined;

  constructor(wish: LogsWish, view: ServerView, logs: Logs, gone: AbortSignal) {
    this.#wish = wish;
    this.#view = view;
    this.#logs = logs;
    this.#gone = gone;
  }

  /** Ends when nobody listens any more. */
  async follow(sources: readonly LogSource[]): Promise<void> {
    this.#colour = await chosenColour(this.#wish, this.#view);
    this.#add(sources);
    while (!this.#gone.aborted && this.#broken === undefined) {
      if (!this.#listening) void this.#listen();
      const isSwitched = await this.#noticeSwitch();
      if (isSwitched || this.#started) await this.#look();
      await pause(lookMilliseconds, undefined, { signal: this.#gone }).catch(() => undefined);
    }
    if (this.#broken !== undefined) throw this.#broken;
  }

  /** Tells whether another colour serves now, and says so. A wish for one colour stays with it. */
  async #noticeSwitch(): Promise<boolean> {
    if (this.#wish.colour !== undefined || this.#wish.release !== undefined) return false;
    const live = await liveColour(this.#view);
    if (live === this.#colour || live === undefined) return false;
    const colours = Colours.now(this.#view);
    const [release = "", before = ""] = [colours?.of(live)?.release, colours?.of(otherColour(live))?.release];
    const after = this.#colour === undefined ? "" : `; before it was ${before} in ${this.#colour}`;
    await this.#logs.say(`${release} in ${live} serves from now on${after}`);
    this.#colour = live;
    return true;
  }

  async #look(): Promise<void> {
    this.#started = false;
    this.#view.changed();
    await this.#logs.learn();
    this.#add(sourcesOf(this.#wish, await stackContainers(this.#view), this.#colour));
  }

  /** One that starts again is read again, from its last line. */
  #add(sources: readonly LogSource[]): void {
    for (const source of sources.filter(({ id }) => !this.#read.has(id))) {
      const isNew = this.#looked && !this.#known.has(source.id);
      this.#known.add(source.id);
      this.#read.add(source.id);
      void this.#logs
        .sendNext(source, isNew)
        .catch((error: unknown) => (this.#broken ??= error instanceof Error ? error : new Error(String(error))))
        .finally(() => this.#read.delete(source.id));
    }
    this.#looked = true;
  }

  /** Notes that containers start. If the engine breaks off, the next look listens again. */
  async #listen(): Promise<void> {
    this.#listening = true;
    try {
      for await (const { action } of this.#view.engine.events(this.#gone)) if (action === "start") this.#started = true;
    } catch {
      this.#started = true;
    } finally {
      this.#listening = false;
    }
  }
}
