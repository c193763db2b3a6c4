import { Buffer } from "node:buffer";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { Failure, sameVersion, systemCode } from "../failure.ts";
import { fileNameOf, listStateFiles, readStateFile, writeStateFile } from "../files/state-file.ts";
import { isAlive, Presence } from "./presence.ts";

const aboutSchema = z.object({ run: z.string(), holder: z.string(), job: z.string() });

/** Who a run is: its id, the line for people, and the address of its CI job, which is empty outside of CI. */
type AboutRun = Readonly<z.output<typeof aboutSchema>>;

/** The folder of a living run that attends the server: what it holds, as files, for the verbs of the same run. */
export class SessionFolder {
  readonly path: string;
  #heard = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** Every living run of a stack. */
  static async all(stackRun: string): Promise<SessionFolder[]> {
    return (await Presence.living(stackRun)).map((path) => new SessionFolder(path));
  }

  /** The living run that holds the lease; undefined if none does. */
  static async open(stackRun: string): Promise<SessionFolder | undefined> {
    return (await SessionFolder.all(stackRun)).find((folder) => folder.run !== undefined);
  }

  /** Who the run is; undefined until it holds the lease. */
  about(): AboutRun | undefined {
    const text = readStateFile(join(this.path, "session"));
    return text === undefined ? undefined : aboutSchema.parse(JSON.parse(text));
  }

  /** The id of the run; undefined until it holds the lease. */
  get run(): string | undefined {
    return this.about()?.run;
  }

  /** Notes that the run holds the lease. */
  setAbout(about: AboutRun): void {
    writeStateFile(join(this.path, "session"), JSON.stringify(about));
  }

  /** Notes that something was heard of the run's other end. Counts, since a clock may be set back (SEC-C2). */
  hear(): void {
    const path = join(this.path, "heard");
    if (this.#heard === 0) writeStateFile(path, "");
    this.#heard += 1;
    try {
      utimesSync(path, this.#heard, this.#heard);
    } catch (error) {
      if (systemCode(error) !== "ENOENT") throw error; // the run is over
    }
  }

  /** Notes that the run is over, so that nobody waits to hear it. */
  end(): void {
    rmSync(join(this.path, "heard"), { force: true });
  }

  /** Waits for the run's next sign of life, which a living run gives every few seconds; false if it is gone. */
  async isHeardAgain(signal: AbortSignal): Promise<boolean> {
    const before = this.#timesHeard();
    while (!signal.aborted && (await isAlive(this.path))) {
      const now = this.#timesHeard();
      if (now === undefined) return false;
      if (now !== before) return true;
      await pause(200, undefined, { signal }).catch(() => undefined);
    }
    return false;
  }

  /** Keeps a secret for the verbs of this run. */
  stage(name: string, value: Uint8Array): void {
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name)) {
      throw new Failure("session", `'${name}' is not the name of a secret; ${sameVersion}`);
    }
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
    if (existsSync(this.path)) this.#touch(join("touched", fileNameOf(object)));
  }

  hasTouched(object: string): boolean {
    return existsSync(join(this.path, "touched", fileNameOf(object)));
  }

  /** Allows the removal of an object of a protected stack. */
  allowRemoval(object: string): void {
    this.#touch(join("removable", fileNameOf(object)));
  }

  allowsRemoval(object: string): boolean {
    return existsSync(join(this.path, "removable", fileNameOf(object)));
  }

  /** Shows what a verb of this run does at this moment. */
  showWork(object: string, text: string): void {
    if (existsSync(this.path)) writeStateFile(join(this.path, "work", `${fileNameOf(object)}.json`), text);
  }

  hideWork(object: string): void {
    rmSync(join(this.path, "work", `${fileNameOf(object)}.json`), { force: true });
  }

  /** What verbs of this run do at this moment, as they showed it. */
  shownWork(): string[] {
    const folder = join(this.path, "work");
    return listStateFiles(folder).flatMap((name) => readStateFile(join(folder, name)) ?? []);
  }

  #touch(name: string): void {
    writeStateFile(join(this.path, name), "");
  }

  /** How often the run was heard; undefined if it is over. */
  #timesHeard(): number | undefined {
    return statSync(join(this.path, "heard"), { throwIfNoEntry: false })?.mtimeMs;
  }
}
