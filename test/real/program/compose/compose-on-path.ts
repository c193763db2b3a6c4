import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Tool } from "../../../../toolchain/tool.ts";
import { dockerCompose } from "../../../../toolchain/tools/docker-compose.ts";
import { ensureTools } from "../../../../toolchain/toolchain.ts";

/**
 * Makes `docker compose` a command of this process, as it is on servers; this machine may have Compose only by itself.
 * Returns the end of it.
 */
export async function composeOnPath(tool: Tool = dockerCompose): Promise<() => void> {
  const [outcome] = await ensureTools([tool], () => undefined);
  const compose = outcome?.installed.commands[tool.name];
  if (compose === undefined) throw new Error("Compose has no command with its name");
  const folder = mkdtempSync(join(tmpdir(), "slipway-compose-"));
  const before = process.env["PATH"] ?? "";
  const script = [
    "#!/bin/sh",
    `if [ "$1" = compose ]; then shift; exec '${compose}' "$@"; fi`,
    `PATH='${before}' exec docker "$@"`,
  ];
  writeFileSync(join(folder, "docker"), `${script.join("\n")}\n`, { mode: 0o755 });
  process.env["PATH"] = folder + delimiter + before;
  return () => {
    process.env["PATH"] = before;
    rmSync(folder, { recursive: true });
  };
}
