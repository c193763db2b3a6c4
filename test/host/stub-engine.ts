import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A stand-in for the `docker` command: networks and volumes are files, and there are no containers. It answers only
 * after it was started.
 */
export class StubEngine {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = join(folder, "docker");
    for (const name of ["networks", "volumes"]) mkdirSync(join(this.#folder, name), { recursive: true });
    mkdirSync(join(folder, "bin"));
    cpSync("test/host/stub-docker.sh", join(folder, "bin", "docker"));
  }

  start(): void {
    writeFileSync(join(this.#folder, "engine"), "26.1.5\n");
  }

  stop(): void {
    rmSync(join(this.#folder, "engine"));
  }

  /** A piece of the program: the engine is back once the program waits for it. */
  get returnsWhenAwaited(): string {
    return `sleep() { echo 26.1.5 >${join(this.#folder, "engine")}; }`;
  }

  /** From now on, `docker info` reports no plugins, as if the engine could not run them. */
  hidePlugins(): void {
    writeFileSync(join(this.#folder, "tells-no-plugins"), "");
  }

  /** Names of the networks, each with its maker. */
  get networks(): Readonly<Record<string, string>> {
    const folder = join(this.#folder, "networks");
    return Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8").trim()]),
    );
  }

  addNetwork(name: string, owner = ""): void {
    writeFileSync(join(this.#folder, "networks", name), owner);
  }

  removeNetwork(name: string): void {
    rmSync(join(this.#folder, "networks", name));
  }

  get volumes(): readonly string[] {
    return readdirSync(join(this.#folder, "volumes"));
  }

  /** Puts a Postgres cluster into a volume, with the files that the guard reads. */
  fillVolume(name: string, cluster: bigint, major = "17", folder = "."): void {
    const place = join(this.#folder, "volumes", name, folder);
    mkdirSync(join(place, "global"), { recursive: true });
    const control = Buffer.alloc(8192);
    control.writeBigUInt64LE(cluster);
    writeFileSync(join(place, "global", "pg_control"), control);
    writeFileSync(join(place, "PG_VERSION"), `${major}\n`);
  }

  /** Removes a volume without a trace. */
  removeVolume(name: string): void {
    rmSync(join(this.#folder, "volumes", name), { recursive: true });
  }

  emptyVolume(name: string): void {
    this.removeVolume(name);
    mkdirSync(join(this.#folder, "volumes", name));
  }

  /** Calls that the stand-in does not know. */
  get misunderstood(): string {
    const file = join(this.#folder, "misunderstood");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }
}
