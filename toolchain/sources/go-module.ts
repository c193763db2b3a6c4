import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { mustRun } from "../must-run.ts";
import { goEnvironment } from "../go-environment.ts";
import { cached, type Stage } from "../cache/stage.ts";
import type { Source } from "../tool.ts";
import { go } from "../tools/go.ts";

/** A program that is built from its Go module. */
interface GoProgram {
  /** The folder in `toolchain/modules` whose go.mod pins the module and whose go.sum verifies it and all it needs. */
  readonly module: string;
  readonly package: string;
  readonly command: string;
  readonly forecast: string;
  /** Patterns of the packages whose speed matters: only these are compiled with inlining, which is a quarter of the compiler's work. */
  readonly fast?: readonly string[];
  readonly tags?: readonly string[];
  readonly ldflags?: string;
  readonly suffix?: string;
}

/** Builds the program with Go from the module proxy; what an interrupted build compiled is not compiled again. */
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
  if (readdirSync(stage.kept).length > 0) stage.progress.say("takes up the build that was interrupted");
  const options = { cwd: workspace(program, stage), env: environment(stage) };
  const words = [commands["go"] ?? "go"];
  // Nobody debugs these programs, so nothing is compiled for a debugger.
  const compile = ["all=-dwarf=false -l", ...(program.fast ?? []).map((pattern) => `${pattern}=-dwarf=false`)];
  const forUse = ["-trimpath", "-buildvcs=false", ...compile.map((flag) => `-gcflags=${flag}`)];
  const flags = ["-mod=readonly", ...forUse, `-tags=${(program.tags ?? []).join(",")}`];
  const modules = counter("go: downloading", (count) => stage.progress.status(`downloaded ${count} Go modules`));
  const list = await mustRun([...words, "list", "-deps", ...flags, program.package], {
    ...options,
    onLine: modules,
  });
  const total = list.split("\n").filter((line) => !line.startsWith("go: ")).length;
  const packages = counter("", (count) => stage.progress.status(`compiled ${count} of at most ${total} Go packages`));
  const output = ["-o", join(stage.folder, program.command), `-ldflags=${program.ldflags ?? "-s -w"}`];
  await mustRun([...words, "build", "-v", ...flags, ...output, program.package], { ...options, onLine: packages });
}

/** Go gets copies of go.mod and go.sum, so that nothing it does reaches the checkout. */
function workspace(program: GoProgram, stage: Stage): string {
  const folder = join(stage.temporary, "module");
  mkdirSync(folder);
  const pinned = join(dirname(import.meta.dirname), "modules", program.module);
  for (const file of ["go.mod", "go.sum"]) copyFileSync(join(pinned, file), join(folder, file));
  return folder;
}

function environment(stage: Stage): NodeJS.ProcessEnv {
  const base = goEnvironment(stage.run.place, stage.kept);
  return {
    ...base,
    TMPDIR: stage.temporary,
    CGO_ENABLED: "0",
    // The compiler starts anew for each package: clearing up in it costs a fifth of its time and spares memory that nobody lacks.
    GOGC: base["GOGC"] ?? "400",
    // Go makes its modules read-only, which would keep everybody from deleting the folder.
    GOFLAGS: `${base["GOFLAGS"] ?? ""} -modcacherw`.trim(),
  };
}

/** Counts the lines that begin so. */
function counter(beginning: string, tell: (count: number) => void): (line: string) => void {
  let count = 0;
  return (line) => {
    if (line.startsWith(beginning)) tell((count += 1));
  };
}
