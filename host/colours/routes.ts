import { Buffer } from "node:buffer";
import { setTimeout as pause } from "node:timers/promises";
import type { Colour } from "../../model/colour.ts";
import { colourSchema } from "../../model/facts/release/release.ts";
import { proxyName } from "../../model/proxy.ts";
import { colourPlaceholder, generationPlaceholder } from "../../model/placeholders.ts";
import type { Engine } from "../docker/engine.ts";
import { systemCode } from "../failure.ts";
import type { Folder } from "../files/folder.ts";
import { rootOnly } from "../files/owner.ts";
import { Tree } from "../files/tree.ts";
import { probe } from "../health/probe.ts";
import { draftsFolder } from "../../model/server-places.ts";
import type { ReleasePlace } from "./colour.ts";
import { proxyAddress } from "../checks/proxy.ts";

/** The port at which the proxy tells which generation it has loaded. */
const generationPort = 8099;

const folder = `${proxyName}/dynamic`;
/** The file that the proxy follows. It reads only files in .yaml. */
const current = "routes.yaml";
/** The file before a switch that the proxy has not followed yet. */
const before = "routes.before";
/** The routes of the colour that served before. */
const other = "routes.other";

/** All files of the routes, in a stack's directory. No delivery brings them. */
export const routeFiles: readonly string[] = [current, before, other].map((name) => `${folder}/${name}`);

/** The first line of the routes. */
export interface RoutesHead {
  readonly colour: Colour;
  readonly release: string;
  readonly generation: string;
}

/**
 * The proxy's dynamic file, which decides which colour serves: one atomic rename is the switch. The routes of the
 * colour that served before stay beside it, so that they come back even where no disk space is left.
 */
export class Routes {
  readonly #place: ReleasePlace;
  readonly #engine: Engine;
  readonly #tree: Tree;

  constructor(place: ReleasePlace, engine: Engine) {
    this.#place = place;
    this.#engine = engine;
    this.#tree = new Tree(place.directory);
  }

  get path(): string {
    return `${this.#place.directory}/${folder}/${current}`;
  }

  /** The head of the routes that are in place; undefined where there are none, or none of slipway's. */
  head(): RoutesHead | undefined {
    return headOf(this.#read(current));
  }

  /** The head of the routes of the colour that served before; undefined if they are not kept. */
  otherHead(): RoutesHead | undefined {
    return headOf(this.#read(other));
  }

  /** The routes in place differ from a document's, in a word; undefined if they do not. */
  difference(template: Uint8Array): "missing" | "changed by hand" | undefined {
    const found = this.#read(current);
    if (found === undefined) return "missing";
    const head = headOf(found);
    return head !== undefined && routesText(template, head).equals(found) ? undefined : "changed by hand";
  }

  /** A switch of a run that was killed is neither followed nor taken back yet. */
  get isOpen(): boolean {
    return this.#at(before, (parent, name) => parent.stat(name) !== undefined) ?? false;
  }

  /** Puts new routes into place; what was there before is kept until `follow`. */
  place(content: Buffer): void {
    this.#write(before, this.#read(current) ?? Buffer.alloc(0));
    this.#write(current, content);
  }

  /** Puts the routes of the colour that served before into place. */
  placeOther(): void {
    const content = this.#read(other);
    if (content === undefined) throw new Error(`'${this.#place.directory}/${folder}/${other}' is gone`);
    this.place(content);
  }

  /** The routes that are in place. */
  content(): Buffer | undefined {
    return this.#read(current);
  }

  /** Waits until the proxy answers for the routes in place; otherwise the ones before come back (F56). */
  async follow(seconds: number, signal: AbortSignal): Promise<boolean> {
    const head = this.head();
    if (head !== undefined && (await this.answers(head.generation, seconds, signal))) {
      this.#accept(head);
      return true;
    }
    this.restore();
    return false;
  }

  /** Brings back the routes before the switch that is open; the proxy follows a moment later. */
  restore(): void {
    const kept = this.#read(before);
    if (kept === undefined) return;
    if (kept.length > 0) this.#at(before, (parent, name) => parent.rename(name, current));
    else for (const name of [current, before]) this.#remove(name);
  }

  /** Whether the proxy answers for a generation in time. Where the proxy is, Docker is asked once a second. */
  async answers(generation: string, seconds: number, signal: AbortSignal): Promise<boolean> {
    const until = performance.now() + seconds * 1000;
    const path = `/slipway/${generation}`;
    const addressNow = this.#proxyAddress();
    for (;;) {
      const address = await addressNow();
      if (address !== undefined && (await probe({ address, port: generationPort, path })).good) return true;
      if (performance.now() >= until) return false;
      await pause(100, undefined, { signal });
    }
  }

  /** Tells the address of the proxy, for which Docker is asked at most once a second. */
  #proxyAddress(): () => Promise<string | undefined> {
    let asked = -Infinity;
    let address: string | undefined;
    return async () => {
      if (performance.now() - asked < 1000) return address;
      asked = performance.now();
      address = await proxyAddress(this.#engine, this.#place);
      return address;
    };
  }

  /** Forgets the routes of the colour that served before: it cannot serve any more. */
  forgetOther(): void {
    this.#remove(other);
  }

  /** Removes everything, and the folder if it is empty then. */
  remove(): void {
    for (const name of [current, before, other]) this.#remove(name);
    // The proxy's own folder is empty only where the proxy was removed before: then nobody else removes it.
    for (const path of [folder, proxyName]) this.#atFolder(path, (parent, name) => parent.removeFolder(name));
  }

  /** The routes before a switch are those of the other colour now; after a repair of the same colour they go. */
  #accept({ colour }: RoutesHead): void {
    const kept = headOf(this.#read(before));
    if (kept !== undefined && kept.colour !== colour) this.#at(before, (parent, name) => parent.rename(name, other));
    else this.#remove(before);
  }

  #read(name: string): Buffer | undefined {
    return this.#at(name, (parent, file) => parent.read(file));
  }

  #remove(name: string): void {
    this.#at(name, (parent, file) => parent.remove(file));
  }

  #write(name: string, content: Buffer): void {
    const access = { mode: 0o644, uid: 0, gid: 0 };
    using base = this.#tree.open();
    using workshop = base.make(draftsFolder, rootOnly);
    const make = (parent: Folder, part: string): Folder => parent.make(part, { mode: 0o755, uid: 0, gid: 0 });
    this.#tree.making(`${folder}/${name}`, make, (parent, file) => parent.write(file, content, access, workshop));
  }

  #at<Result>(name: string, act: (parent: Folder, name: string) => Result): Result | undefined {
    try {
      return this.#tree.at(`${folder}/${name}`, act);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined; // the stack's directory itself is gone
      throw error;
    }
  }

  #atFolder(path: string, act: (parent: Folder, name: string) => unknown): void {
    try {
      this.#tree.at(path, act);
    } catch (error) {
      if (systemCode(error) !== "ENOENT") throw error;
    }
  }
}

const headForm = /^# colour: (blue|green), release: (.*), generation: ([0-9A-Za-z.-]+)$/;

function headOf(content: Buffer | undefined): RoutesHead | undefined {
  const [first = ""] = content?.toString("utf8").split("\n", 1) ?? [];
  const [, colour, release = "", generation = ""] = headForm.exec(first) ?? [];
  const { data } = colourSchema.safeParse(colour);
  return data === undefined ? undefined : { colour: data, release, generation };
}

/** The routes of a document in a colour and generation. */
export function routesText(template: Uint8Array, head: Pick<RoutesHead, "colour" | "generation">): Buffer {
  const text = Buffer.from(template).toString("utf8");
  return Buffer.from(
    text.replaceAll(colourPlaceholder, head.colour).replaceAll(generationPlaceholder, head.generation),
  );
}
