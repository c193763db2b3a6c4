import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { Installer, type Outcome } from "../../toolchain/installer.ts";
import type { Place } from "../../toolchain/cache/place.ts";
import type { Tool } from "../../toolchain/tool.ts";
import { script, write } from "./script.ts";

const basics = ["flock", "sh", "cat", "tar", "gzip", "cp", "mkdir", "rm", "ls", "env", "readlink", "dirname", "sleep"];

// These tests start many small processes, which are slow on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** A separate environment for a test: an empty checkout and cache, and a PATH with only the basic commands. */
export interface Sandbox {
  readonly place: Place;
  /** The lines that were printed for the user. */
  readonly said: string[];
  /** Puts a shell script on PATH. */
  readonly command: (name: string, ...lines: readonly string[]) => string;
  /** Writes a file below the checkout. */
  readonly file: (name: string, content: string) => string;
  /** Makes tools present as a new run would. */
  readonly run: (...tools: readonly Tool[]) => Promise<readonly Outcome[]>;
}

/** Makes a sandbox, which is removed when the test finishes. */
export function sandbox(overrides: Partial<Place> = {}): Sandbox {
  const folder = mkdtempSync(join(tmpdir(), "slipway-toolchain-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "path");
  mkdirSync(path);
  for (const name of basics) symlinkSync(join("/usr/bin", name), join(path, name));
  vi.stubEnv("PATH", path);
  onTestFinished(() => void vi.unstubAllEnvs());
  const said: string[] = [];
  const place = { ...placeBelow(folder), ...overrides };
  return {
    place,
    said,
    command: (name, ...lines) => script(join(path, name), lines),
    file: (name, content) => write(join(place.checkout, name), content),
    run: async (...tools) => {
      const installer = new Installer(place, (line) => said.push(line));
      await Promise.all(tools.map((tool) => installer.ensure(tool)));
      return await installer.outcomes();
    },
  };
}

function placeBelow(folder: string): Place {
  const checkout = join(folder, "checkout");
  const localDirectory = join(checkout, ".slipway");
  return {
    checkout,
    localDirectory,
    binDirectory: join(localDirectory, "bin"),
    pulumiHome: join(localDirectory, "pulumi-home"),
    cacheDirectory: join(folder, "cache"),
    // Port 1 refuses connections at once.
    pulumiHost: "http://127.0.0.1:1",
  };
}
