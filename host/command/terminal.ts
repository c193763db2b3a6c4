import { ReadStream } from "node:tty";

/** Rows and columns. */
type Size = readonly [number, number];

/** The terminal of this process, if a command uses one: it passes on every key, also Ctrl-C, until the command ends. */
export class Terminal implements Disposable {
  readonly #isUsed: boolean;
  #onResize: (() => void) | undefined;

  constructor(isUsed: boolean) {
    this.#isUsed = isUsed && process.stdin instanceof ReadStream;
  }

  get size(): Size | undefined {
    const [columns, rows] = this.#isUsed && process.stdout.isTTY ? process.stdout.getWindowSize() : [0, 0];
    return rows > 0 && columns > 0 ? [rows, columns] : undefined;
  }

  /** Passes on keys as they are, and each new size. */
  begin(resized: (size: Size) => void): void {
    if (!this.#isUsed) return;
    process.stdin.setRawMode(true);
    this.#onResize = () => {
      const { size } = this;
      if (size !== undefined) resized(size);
    };
    process.stdout.on("resize", this.#onResize);
  }

  [Symbol.dispose](): void {
    if (this.#onResize === undefined) return;
    process.stdout.off("resize", this.#onResize);
    process.stdin.setRawMode(false);
  }
}
