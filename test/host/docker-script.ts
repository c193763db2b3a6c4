import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LocalHost } from "./host-program.ts";

/**
 * Puts a script in the place of `docker`, for answers that the stand-in does not give; it notes the first two words of
 * each call.
 */
export function scriptDocker(host: LocalHost, script: string): void {
  const file = join(host.folder, "bin", "docker");
  writeFileSync(file, `#!/usr/bin/env bash\nprintf '%s\\n' "$1 $2" >>${calls(host)}\n${script}\n`);
  chmodSync(file, 0o755);
}

/** The calls of the script, one a line. */
export function dockerCalls(host: LocalHost): readonly string[] {
  return existsSync(calls(host)) ? readFileSync(calls(host), "utf8").trim().split("\n") : [];
}

function calls(host: LocalHost): string {
  return join(host.folder, "docker-calls");
}
