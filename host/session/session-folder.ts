import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Failure, systemCode } from "../failure.ts";
import { readStateFile, writeStateFile } from "../files/state-file.ts";
import { isAlive, Presence } from "./presence.ts";

/** The folder of a living run that attends the server: what it holds, as files, for the verbs of the same run. */
export class SessionFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Every living run of a stack. */
  static async all(stackRun: string): Promise<SessionFolder[]> {
    return (await Presence.living(stackRun, "run")).map((path) => new SessionFolder(path));
  }

  /** The living run that holds the lease; undefined if none does. */
  static async open(stackRun: string): Promise<SessionFolder | undefined> {
    return (await SessionFolder.all(stackRun)).find((folder) => folder.run !== undefined);
  }

  /** The id of the run; undefined until it holds the lease. */
  get run(): string | undefined {
    return readStateFile(join(this.path, "session"));
  }

  /** Notes that the run holds the lease. */
  setRun(run: string): void {
    writeStateFile(join(this.path, "session"), run);
  }

  /** Notes that something was heard of the run's other end. */
  hear(): void {
    this.#touch("heard");
  }

  /** Waits until the run was heard again, as a living one is every few seconds; false if it is gone. */
  async isHeardAgain(signal: AbortSignal): Promise<boolean> {
    const asked = Date.now();
    while (await isAlive(this.path)) {
      if (this.#time("heard") > asked) return true;
      await pause(200, undefined, { signal });
    }
    return false;
  }

  /** Keeps a secret for the verbs of this run. */
  stage(name: string, value: Uint8Array): void {
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name))
      throw new Failure("session", `'${name}' is not the name of a secret`);
    writeStateFile(join(this.path, "secrets", name), value);
  }

  /** All secrets that were staged, by name. */
  secrets(): ReadonlyMap<string, Uint8Array> {
    const folder = join(this.path, "secrets");
    try {
      return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
    } catch (error) {
      if (systemCode(error) === "ENOENT") return new Map<string, Buffer>();
      throw error;
    }
  }

  /** Notes that the run found or made an object as it wants it, so that its own delete leaves the object alone. */
  touchObject(object: string): void {
    // A run that is just ending has removed its folder, and deletes nothing any more.
    if (existsSync(this.path)) this.#touch(join("touched", nameOf(object)));
  }

  hasTouched(object: string): boolean {
    return existsSync(join(this.path, "touched", nameOf(object)));
  }

  /** Allows the removal of an object of a protected stack. */
  allowRemoval(object: string): void {
    this.#touch(join("removable", nameOf(object)));
  }

  allowsRemoval(object: string): boolean {
    return existsSync(join(this.path, "removable", nameOf(object)));
  }

  #touch(name: string): void {
    const path = join(this.path, name);
    if (!existsSync(path)) writeStateFile(path, "");
    const now = new Date();
    utimesSync(path, now, now);
  }

  #time(name: string): number {
    return statSync(join(this.path, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  }
}

/** An object as the name of a file, whatever characters it has. */
function nameOf(object: string): string {
  return createHash("sha256").update(object).digest("hex");
}
