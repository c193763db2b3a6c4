import { transferText } from "../../model/byte-size.ts";
import type { PulledLayer } from "./pull.ts";

interface Layer {
  readonly read: number;
  readonly size: number;
}

/** The progress of image pulls, from the engine's reports about their layers. */
export class PullProgress {
  readonly #all: number;
  readonly #pulling = new Map<string, Map<string, Layer>>();
  #ended = 0;

  /** `all` is the number of images. */
  constructor(all: number) {
    this.#all = all;
  }

  begin(reference: string): void {
    this.#pulling.set(reference, new Map());
  }

  end(reference: string): void {
    this.#pulling.delete(reference);
    this.#ended += 1;
  }

  /** Hears of a layer. The engine tells its size while it reads the layer, and at the end only that it has it. */
  hear(reference: string, { id = "", status, progressDetail }: PulledLayer): void {
    const { current, total } = progressDetail ?? {};
    const layers = this.#pulling.get(reference);
    const known = layers?.get(id);
    if (status === "Downloading" && current !== undefined) {
      layers?.set(id, { read: current, size: Math.max(total ?? 0, known?.size ?? 0, current) });
    } else if (status === "Download complete" && known !== undefined) {
      layers?.set(id, { ...known, read: known.size });
    }
  }

  /** The state of all pulls, for people. */
  get text(): string {
    const pulling = [...this.#pulling].map(([reference, layers]) => `${nameOf(reference)}${sizeText(layers)}`);
    return [`${this.#ended} of ${this.#all} pulled`, ...pulling].join(", ");
  }
}

/** The size that is known grows while the pull goes on: the engine tells nothing of layers that wait. */
function sizeText(layers: ReadonlyMap<string, Layer>): string {
  const sum = (part: keyof Layer): number => [...layers.values()].reduce((all, layer) => all + layer[part], 0);
  const [read, size] = [sum("read"), sum("size")];
  return size === 0 ? "" : ` ${transferText(read, size)}`;
}

function nameOf(reference: string): string {
  return `'${reference.split("@")[0] ?? ""}'`;
}
