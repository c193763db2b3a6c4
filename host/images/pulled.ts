import { join } from "node:path";
import { withoutTag } from "../../model/facts/images/retention.ts";
import { appendStateLine, readStateFile, writeStateFile } from "../files/state-file.ts";
import type { StackPlaces } from "../places.ts";

/**
 * The images that slipway pulled for a stack, by digest, a line each. Several processes may add lines at the same time.
 * An image that was on the server before is none of them, so it is never removed.
 */
export class PulledImages {
  readonly #path: string;

  constructor({ stackState }: Pick<StackPlaces, "stackState">) {
    this.#path = join(stackState, "pulled");
  }

  all(): ReadonlySet<string> {
    return new Set((readStateFile(this.#path) ?? "").split("\n").filter((line) => line.includes("@sha256:")));
  }

  /** Adds one before it is pulled, since a killed process leaves what it has pulled. */
  add(references: readonly string[]): void {
    const known = this.all();
    const fresh = [...new Set(references.map(withoutTag))].filter((one) => one.includes("@") && !known.has(one));
    if (fresh.length > 0) appendStateLine(this.#path, fresh.join("\n"));
  }

  /** Forgets those that are gone. */
  forget(references: ReadonlySet<string>): void {
    const left = [...this.all()].filter((one) => !references.has(one));
    writeStateFile(this.#path, left.map((one) => `${one}\n`).join(""));
  }
}
