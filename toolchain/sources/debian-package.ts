import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aptObstacle, aptWords, updateLists } from "./apt.ts";
import { mustRun } from "../must-run.ts";
import { cached, type Stage } from "../cache/stage.ts";
import type { Source } from "../tool.ts";

interface DebianProgram {
  readonly packages: readonly string[];
  /** Each command with its place in the package. */
  readonly commands: Readonly<Record<string, string>>;
  /** Lines of shell before the program starts; `$root` is the unpacked package. */
  readonly prologue?: readonly string[];
}

/** Unpacks Debian packages, and those they need and the machine lacks, into the cache without installing them; apt checks their signatures. */
export function debianPackage(program: DebianProgram): Source {
  const names = Object.keys(program.commands);
  return cached({
    name: `Debian's ${program.packages.join(", ")}`,
    origin: "downloaded",
    forecast: `downloads Debian's ${program.packages.join(", ")} and unpacks it, a few seconds`,
    commands: Object.fromEntries(names.map((name) => [name, `bin/${name}`])),
    obstacle: (_tool, run) => Promise.resolve(aptObstacle(run.place)),
    deliver: (stage) => deliver(program, stage),
  });
}

async function deliver(program: DebianProgram, stage: Stage): Promise<void> {
  stage.progress.status("fetches Debian's lists of packages");
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
  await mustRun([...aptWords(stage.run.place), "install", ...flags, ...program.packages]);
  const root = join(stage.folder, "root");
  for (const file of readdirSync(archives).filter((name) => name.endsWith(".deb")))
    await mustRun(["dpkg-deb", "-x", join(archives, file), root]);
  mkdirSync(join(stage.folder, "bin"));
  for (const [name, file] of Object.entries(program.commands)) {
    const launcher = join(stage.folder, "bin", name);
    writeFileSync(launcher, launch(file, program.prologue ?? []));
    chmodSync(launcher, 0o755);
  }
}

/** Starts the program with the libraries that were unpacked beside it, and with the programs there that the machine lacks. */
function launch(file: string, prologue: readonly string[]): string {
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
