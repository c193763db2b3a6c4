import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aptCommand, aptObstacle, updateLists } from "./apt.ts";
import { mustRun } from "../must-run.ts";
import { cached, type Stage } from "../cache/stage.ts";
import type { Source } from "../tool.ts";

/** Debian packages, and the programs in them that are used. */
interface DebianProgram {
  readonly packages: readonly string[];
  /** Each command with its path in the package. */
  readonly commands: Readonly<Record<string, string>>;
  /** Lines of shell that run before the program; `$root` is the folder of the unpacked package. */
  readonly prologue?: readonly string[];
}

/**
 * Unpacks Debian packages into the cache without installing them, together with the dependencies that the machine
 * lacks; apt checks their signatures.
 */
export function debianPackage(program: DebianProgram): Source {
  const names = Object.keys(program.commands);
  return cached({
    name: `Debian's ${program.packages.join(", ")}`,
    origin: "downloaded",
    forecast: `downloads and unpacks Debian's ${program.packages.join(", ")}, a few seconds`,
    commands: Object.fromEntries(names.map((name) => [name, `bin/${name}`])),
    obstacle: (_tool, run) => Promise.resolve(aptObstacle(run.place)),
    deliver: (stage) => deliver(program, stage),
  });
}

async function deliver(program: DebianProgram, stage: Stage): Promise<void> {
  stage.progress.status("fetches Debian's package lists");
  await updateLists(stage.run.place, stage.progress);
  stage.progress.status("downloads the packages");
  const archives = join(stage.kept, "archives");
  mkdirSync(join(archives, "partial"), { recursive: true });
  const flags = [
    "--download-only",
    "--reinstall",
    "--yes",
    "--no-install-recommends",
    "-o",
    `Dir::Cache::archives=${archives}`,
  ];
  await mustRun([...aptCommand(stage.run.place), "install", ...flags, ...program.packages]);
  const root = join(stage.folder, "root");
  for (const file of readdirSync(archives).filter((name) => name.endsWith(".deb")))
    await mustRun(["dpkg-deb", "-x", join(archives, file), root]);
  mkdirSync(join(stage.folder, "bin"));
  for (const [name, file] of Object.entries(program.commands)) {
    const launcher = join(stage.folder, "bin", name);
    writeFileSync(launcher, launcherScript(file, program.prologue ?? []));
    chmodSync(launcher, 0o755);
  }
}

/** The script that starts a program so that it finds the libraries and programs that were unpacked with it. */
function launcherScript(file: string, prologue: readonly string[]): string {
  return [
    "#!/bin/sh",
    'root=$(dirname "$(dirname "$(readlink -f "$0")")")/root',
    'for folder in "$root"/lib/*-linux-gnu "$root"/usr/lib/*-linux-gnu; do',
    '  [ -d "$folder" ] && LD_LIBRARY_PATH=$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}',
    "done",
    "PATH=$PATH:$root/usr/bin",
    "export LD_LIBRARY_PATH PATH",
    ...prologue,
    `exec "$root/${file}" "$@"`,
    "",
  ].join("\n");
}
