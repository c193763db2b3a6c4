import { clock, type Progress } from "../progress.ts";
import { SessionFolder } from "./session-folder.ts";

/** Milliseconds after which a verb is shown, and between two looks at it. */
const patience = 400;
const interval = 1000;

interface Shown {
  readonly stackRun: string;
  readonly object: string;
  readonly verb: string;
  readonly progress: Progress;
}

/**
 * Shows what a verb does to the attending process of its run, by a small file in the folder of the session. A verb that
 * is done at once writes none. Nothing depends on it: what cannot be shown ends no verb.
 */
export class ShownWork implements Disposable {
  readonly #shown: Shown;
  readonly #began = clock();
  #timer: NodeJS.Timeout;
  #folder: SessionFolder | undefined;
  #last = "";
  #over = false;

  constructor(shown: Shown) {
    this.#shown = shown;
    this.#timer = this.#later(patience);
  }

  [Symbol.dispose](): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#folder?.hideWork(this.#shown.object);
  }

  #later(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => void this.#look(), milliseconds).unref();
  }

  async #look(): Promise<void> {
    try {
      await this.#show();
    } catch {
      // The run is over.
    }
    if (!this.#over) this.#timer = this.#later(interval);
  }

  async #show(): Promise<void> {
    const { stackRun, object, verb, progress } = this.#shown;
    this.#folder ??= await SessionFolder.open(stackRun);
    const { step, since, waits, done } = await progress.now();
    const what = step ?? verb;
    const began = step === undefined ? this.#began : since;
    const text = JSON.stringify({ pid: process.pid, what, since: began, waits, done });
    if (this.#over || text === this.#last) return;
    this.#folder?.showWork(object, text);
    this.#last = text;
  }
}
