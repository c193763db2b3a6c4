import { existsSync } from "node:fs";
import { z } from "zod";
import { parseJson } from "../../model/json.ts";
import { doneSchema, type Doing } from "../../model/session/progress.ts";
import { clock, secondsSince, type Progress } from "../progress.ts";
import type { SessionFolder } from "../session/session-folder.ts";

/** Milliseconds between two looks. */
const interval = 1000;

/** Seconds after which something that this process does is worth telling. */
const patience = 1;

const shownSchema = z.object({
  pid: z.number(),
  what: z.string(),
  since: z.number(),
  waits: z.string(),
  done: z.array(doneSchema),
});

interface Reported {
  readonly folder: Pick<SessionFolder, "shownWork">;
  /** What this process itself does. */
  readonly own: Progress;
  readonly send: (doing: readonly Doing[]) => void;
}

/** Tells a run each second what its verbs and this process do, as long as they do something. */
export class Report implements Disposable {
  readonly #reported: Reported;
  readonly #timer: NodeJS.Timeout;
  #told = false;

  constructor(reported: Reported) {
    this.#reported = reported;
    this.#timer = setInterval(() => void this.#look(), interval).unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const doing = [...(await this.#own()), ...this.#shown()];
    if (doing.length > 0 || this.#told) this.#reported.send(doing);
    this.#told = doing.length > 0;
  }

  async #own(): Promise<Doing[]> {
    const { own } = this.#reported;
    if (own.isIdle) return [];
    const { step = "session", since = clock(), waits, done } = await own.now();
    const seconds = secondsSince(since);
    return seconds < patience ? [] : [{ what: step, seconds, waits, done: [...done] }];
  }

  /** What the verbs show; one that was killed left its file. */
  #shown(): Doing[] {
    return this.#reported.folder.shownWork().flatMap((text) => {
      const { data } = shownSchema.safeParse(parseJson(text));
      if (data === undefined || !existsSync(`/proc/${data.pid}`)) return [];
      const { what, since, waits, done } = data;
      return [{ what, seconds: secondsSince(since), waits, done }];
    });
  }
}
