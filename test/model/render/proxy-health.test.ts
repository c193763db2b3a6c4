import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

import { aaperture } from "../stack/aaperture.ts";
import { proxyOf } from "./rendering.ts";

const form = z.object({
  services: z.object({
    "slipway-proxy": z.object({ healthcheck: z.object({ test: z.tuple([z.literal("CMD-SHELL"), z.string()]) }) }),
  }),
});

let commands: string;
beforeEach(() => (commands = mkdtempSync(join(tmpdir(), "slipway-health."))));
afterEach(() => rmSync(commands, { recursive: true, force: true }));

/** Runs the health check in an image with these commands and exit codes. */
function healthy(has: Readonly<Record<string, number>>): Promise<boolean> {
  for (const [name, code] of Object.entries(has)) {
    writeFileSync(join(commands, name), `#!/bin/sh\nexit ${code}\n`);
    chmodSync(join(commands, name), 0o755);
  }
  const [, test] = form.parse(parse(proxyOf(aaperture()).compose)).services["slipway-proxy"].healthcheck.test;
  return new Promise((resolve) => {
    execFile("/bin/sh", ["-c", test], { env: { PATH: commands } }, (error) => resolve(error === null));
  });
}

describe("the health of the proxy", () => {
  it("is checked with wget, without starting another Traefik", async () => {
    expect(await healthy({ wget: 0, traefik: 1 })).toBe(true);
    expect(await healthy({ wget: 1, traefik: 1 })).toBe(false);
  });

  it("is checked with Traefik in an image without wget", async () => {
    expect(await healthy({ traefik: 0 })).toBe(true);
    expect(await healthy({ traefik: 1 })).toBe(false);
  });
});
