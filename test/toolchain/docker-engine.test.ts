import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { dockerEngine } from "../../toolchain/tools/docker-engine.ts";
import { sandbox, type Sandbox } from "./sandbox.ts";

const tool = {
  ...dockerEngine,
  lock: ({ localDirectory }: { localDirectory: string }) => join(localDirectory, "lock"),
};

/** A machine whose `docker` command answers as soon as its engine was started. */
function machine(options: { uid?: number } = {}): Sandbox & { start: string; flag: string } {
  const box = sandbox();
  vi.stubEnv("DOCKER_HOST", "");
  vi.spyOn(process, "getuid").mockReturnValue(options.uid ?? 0);
  const flag = join(box.place.checkout, "engine-runs");
  box.file(".keep", "");
  box.command("docker", `[ -e "${flag}" ] && echo 26.1.5 || { echo Cannot connect >&2; exit 1; }`);
  const start = `echo > "${flag}"`;
  box.command("systemctl", start);
  return { ...box, start, flag };
}

test("an engine that answers is found and not touched", async () => {
  const { file, run } = machine();
  file("engine-runs", "");
  expect(await run(tool)).toMatchObject([{ fresh: false, installed: { origin: "found", version: "26.1.5" } }]);
});

test("an installed engine that does not run is started with an announcement, and the next run finds it", async () => {
  const { command, run, said, start } = machine();
  command("dockerd", start);
  expect(await run(tool)).toMatchObject([{ fresh: true, installed: { version: "26.1.5" } }]);
  expect(said).toEqual([
    "docker-engine 20.10: starts the machine's Docker engine (dockerd), a few seconds; it keeps running afterwards",
  ]);
  expect(await run(tool)).toMatchObject([{ fresh: false, installed: { origin: "found" } }]);
});

test("on Debian, an engine is installed with the package manager, with an announcement", async () => {
  const { command, run, said, start, place } = machine();
  command("dpkg-deb");
  // The installation creates the command that starts the engine.
  const dockerd = join(place.checkout, "..", "path", "dockerd");
  command(
    "apt-get",
    `[ "$1" = install ] && printf '#!/bin/sh\\n${start}\\n' > "${dockerd}" && /usr/bin/chmod +x "${dockerd}"`,
    "exit 0",
  );
  expect(await run(tool)).toMatchObject([{ fresh: true, installed: { origin: "installed" } }]);
  expect(said[0]).toContain("installs docker.io and iptables with apt-get, outside of this checkout");
});

test("rejects an engine that ends while it starts, at once and with the errors of its log", async () => {
  const { command, run } = machine();
  command("systemctl", "exit 1");
  command("dockerd", "echo level=info msg=fine", "echo level=fatal msg=broken", "exit 1");
  await expect(run(tool)).rejects.toThrow(
    new RegExp(
      "dockerd: did not start; its log .+ says\\nlevel=fatal msg=broken\\ninstall and start" +
        "|systemctl start docker: ended with code 1",
    ),
  );
});

test("rejects a machine without an engine if the user may not start one, with all reasons in one message", async () => {
  const { command, run } = machine({ uid: 1000 });
  command("dockerd");
  await expect(run(tool)).rejects.toThrow(
    "docker-engine 20.10: no source can provide it (an engine that answers: Cannot connect; " +
      "the installed engine: only root may install and start it; Debian's docker.io: apt-get is not on PATH); " +
      "install and start a Docker engine, or run this as root on Debian",
  );
});

test("rejects a DOCKER_HOST that does not answer, and starts no local engine instead", async () => {
  const { command, run, start } = machine();
  command("dockerd", start);
  vi.stubEnv("DOCKER_HOST", "tcp://192.0.2.1:2375");
  await expect(run(tool)).rejects.toThrow("the installed engine: DOCKER_HOST points to tcp://192.0.2.1:2375");
});
