import type { Progress } from "../../model/session/progress.ts";
import type { Answer } from "../../model/session/protocol.ts";
import { Failure, sameVersion } from "../failure.ts";
import { Output } from "../output.ts";

/** The answers to a run, each a line that begins with the run's nonce (F9). */
export class Answers {
  readonly #nonce: string;
  readonly #output = new Output(process.stdout);

  constructor(nonce = "") {
    if (!/^[A-Za-z0-9]{8,64}$/.test(nonce)) {
      throw new Failure("attend", `'${nonce}' is not a nonce of 8 to 64 letters and digits; ${sameVersion}`);
    }
    this.#nonce = nonce;
  }

  send(answer: Answer): void {
    this.#output.write(this.line(answer));
  }

  /** A line that the run takes for ours. */
  line(value: Answer | Progress): string {
    return `${this.#nonce} ${JSON.stringify(value)}`;
  }

  /** Waits until the client has read everything, so that unread answers do not fill the memory. */
  async requireReader(seconds: number): Promise<void> {
    if (await this.#output.flush(seconds * 1000)) return;
    throw new Failure("attend", `the client did not read the last answer within ${seconds} s`);
  }

  /** Waits until the client has read everything, or is gone. */
  async untilRead(gone: AbortSignal): Promise<void> {
    while (!gone.aborted && !(await this.#output.flush()));
  }

  /** Waits up to a second for the reader. */
  async end(): Promise<void> {
    await this.#output.flush();
  }
}
