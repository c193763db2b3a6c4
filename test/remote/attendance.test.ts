import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connectionOf } from "../../model/connection.ts";
import { Attendance } from "../../remote/attendance.ts";
import { bundleHostProgram } from "../../remote/program.ts";

test("ssh is started with the agent that the caller names, and without what Pulumi tells the program", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-attendance-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const ssh = join(folder, "ssh");
  writeFileSync(ssh, `#!/bin/sh\necho "$SSH_AUTH_SOCK \${PULUMI_CONFIG-nothing}" >${folder}/told\n`);
  chmodSync(ssh, 0o755);
  const environment = { PATH: folder, SSH_AUTH_SOCK: "/agent/of/the/caller", PULUMI_CONFIG: '{"a:password":"canary"}' };
  const attendance = new Attendance({
    connection: connectionOf({ address: "192.0.2.1", port: 22, user: "root", hostKey: "ssh-ed25519 AAAA" }),
    ...{ program: bundleHostProgram(), stack: "trial/test", run: "run-1", environment },
    say: () => undefined,
  });
  await attendance.close();
  expect(readFileSync(join(folder, "told"), "utf8")).toBe("/agent/of/the/caller nothing\n");
});
