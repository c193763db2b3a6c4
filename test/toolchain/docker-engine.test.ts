import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { dockerEngine } from "../../toolchain/tools/docker-engine.ts";
import { ground, type Ground } from "./sandbox.ts";

const tool = {
  ...dockerEngine,
  lock: ({ localDirectory }: { localDirectory: string }) => join(localDirectory, "lock"),
};

/** A machine whose Docker client works once the engine was started, by whichever means. */
function machine(options: { uid?: number } = {}): Ground & { start: string; flag: string } {
  const here = ground();
  vi.stubEnv("DOCKER_HOST", "");
  vi.spyOn(process, "getuid").mockReturnValue(options.uid ?? 0);
  const flag = join(here.place.checkout, "engine-runs");
  here.file(".keep", "");
  here.command("docker", `[ -e "${flag}" ] && echo 26.1.5 || { echo Cannot connect >&2; exit 1; }`);
  const start = `echo > "${flag}"`;
  here.command("systemctl", start);
  return { ...here, start, flag };
}

test("an engine that answers is found and left alone", async () => {
  const { file, run } = machine();
  file("engine-runs", "");
  expect(await run(tool)).toMatchObject([{ fresh: false, installed: { origin: "found", version: "26.1.5" } }]);
});

test("an installed engine that does not run is started, which is said before, and the next run finds it", async () => {
  const { command, run, said, start } = machine();
  command("dockerd", start);
  expect(await run(tool)).toMatchObject([{ fresh: true, installed: { version: "26.1.5" } }]);
  expect(said).toEqual([
    "docker-engine 20.10: starts the machine's Docker engine (dockerd), a few seconds; it is left running, as a service would be",
  ]);
  expect(await run(tool)).toMatchObject([{ fresh: false, installed: { origin: "found" } }]);
});

test("on Debian, root gets an engine from the package manager, which is said before", async () => {
  const { command, run, said, start, place } = machine();
  command("dpkg-deb");
  // Installing brings the command that starts the engine.
  const dockerd = join(place.checkout, "..", "path", "dockerd");
  command(
    "apt-get",
    `[ "$1" = install ] && printf '#!/bin/sh\\n${start}\\n' > "${dockerd}" && /usr/bin/chmod +x "${dockerd}"`,
    "exit 0",
  );
  expect(await run(tool)).toMatchObject([{ fresh: true, installed: { origin: "installed" } }]);
  expect(said[0]).toContain("installs docker.io and iptables with apt-get, outside of this checkout");
});

test("rejects an engine that ends while it starts, at once and with what its log complains of", async () => {
  const { command, run } = machine();
  command("systemctl", "exit 1");
  command("dockerd", "echo level=info msg=fine", "echo level=fatal msg=broken", "exit 1");
  await expect(run(tool)).rejects.toThrow(
    /dockerd: does not come up; its log .+ says\nlevel=fatal msg=broken\ninstall and start|systemctl start docker: ended with code 1/,
  );
});

test("rejects a machine without an engine where nobody may start one, in one message", async () => {
  const { command, run } = machine({ uid: 1000 });
  command("dockerd");
  await expect(run(tool)).rejects.toThrow(
    "docker-engine 20.10: cannot be had here (an engine that answers: Cannot connect; " +
      "the installed engine: only root may install and start it; Debian's docker.io: there is no apt-get here); " +
      "install and start a Docker engine, or run this as root on Debian",
  );
});

test("rejects an engine elsewhere that does not answer, and starts none here in its stead", async () => {
  const { command, run, start } = machine();
  command("dockerd", start);
  vi.stubEnv("DOCKER_HOST", "tcp://192.0.2.1:2375");
  await expect(run(tool)).rejects.toThrow("the installed engine: DOCKER_HOST asks for tcp://192.0.2.1:2375");
});
