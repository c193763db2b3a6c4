import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { mustRun } from "../must-run.ts";
import { goEnvironment } from "../go-environment.ts";
import { cached, type Stage } from "../cache/stage.ts";
import type { Source } from "../tool.ts";
import { go } from "../tools/go.ts";

/** A program to build from its Go module. */
interface GoProgram {
  /** The folder in `toolchain/modules` with the go.mod that pins the module and the go.sum that verifies it. */
  readonly module: string;
  readonly package: string;
  readonly command: string;
  readonly forecast: string;
  /** Patterns of packages whose speed matters. Only these are compiled with inlining, a quarter of the build time. */
  readonly fast?: readonly string[];
  readonly tags?: readonly string[];
  readonly ldflags?: string;
  readonly suffix?: string;
}

/** Builds a program with Go from the module proxy. An interrupted build resumes with the packages that it compiled. */
export function goModule(program: GoProgram): Source {
  return cached({
    name: `Go module ${program.package}`,
    origin: "built",
    forecast: program.forecast,
    commands: { [program.command]: program.command },
    ...(program.suffix === undefined ? {} : { suffix: program.suffix }),
    obstacle: () => Promise.resolve(undefined),
    deliver: (stage) => build(program, stage),
  });
}

async function build(program: GoProgram, stage: Stage): Promise<void> {
  stage.progress.status("waits for Go");
  const { commands } = await stage.run.use(go);
  if (readdirSync(stage.kept).length > 0) stage.progress.say("resumes the interrupted build");
  const options = { cwd: copyOfModule(program, stage), env: environment(stage) };
  const words = [commands["go"] ?? "go"];
  // Debug information would only slow the build down.
  const compilerFlags = ["all=-dwarf=false -l", ...(program.fast ?? []).map((pattern) => `${pattern}=-dwarf=false`)];
  const buildFlags = ["-trimpath", "-buildvcs=false", ...compilerFlags.map((flag) => `-gcflags=${flag}`)];
  const flags = ["-mod=readonly", ...buildFlags, `-tags=${(program.tags ?? []).join(",")}`];
  const modules = lineCounter("go: downloading", (count) => stage.progress.status(`downloaded ${count} Go modules`));
  const list = await mustRun([...words, "list", "-deps", ...flags, program.package], {
    ...options,
    onLine: modules,
  });
  const total = list.split("\n").filter((line) => !line.startsWith("go: ")).length;
  const packages = lineCounter("", (count) =>
    stage.progress.status(`compiled ${count} of at most ${total} Go packages`),
  );
  const output = ["-o", join(stage.folder, program.command), `-ldflags=${program.ldflags ?? "-s -w"}`];
  await mustRun([...words, "build", "-v", ...flags, ...output, program.package], { ...options, onLine: packages });
}

/** Copies go.mod and go.sum, so that Go cannot change those of the checkout. */
function copyOfModule(program: GoProgram, stage: Stage): string {
  const folder = join(stage.temporary, "module");
  mkdirSync(folder);
  const pinned = join(dirname(import.meta.dirname), "modules", program.module);
  for (const file of ["go.mod", "go.sum"]) copyFileSync(join(pinned, file), join(folder, file));
  return folder;
}

/** The environment of Go with its caches in the stage, so that an interrupted build can resume. */
function environment(stage: Stage): NodeJS.ProcessEnv {
  const base = goEnvironment(stage.run.place, stage.kept);
  return {
    ...base,
    TMPDIR: stage.temporary,
    CGO_ENABLED: "0",
    // Each package has its own compiler process; garbage collection takes a fifth of its time and saves little memory.
    GOGC: base["GOGC"] ?? "400",
    // By default Go makes its modules read-only, so that the folder cannot be deleted.
    GOFLAGS: `${base["GOFLAGS"] ?? ""} -modcacherw`.trim(),
  };
}

/** Counts the lines that have this beginning. */
function lineCounter(beginning: string, onCount: (count: number) => void): (line: string) => void {
  let count = 0;
  return (line) => {
    if (line.startsWith(beginning)) onCount((count += 1));
  };
}
