import { afterEach, beforeEach, expect, test } from "vitest";
import { parseHost } from "../../../toolchain/plugins/docker/host.ts";
import { dockerProvider } from "../../../toolchain/plugins/docker/provider.ts";
import { type EngineSide, withProvider } from "../base/engine-side.ts";
import { FakeDockerEngine } from "./fake-docker-engine.ts";
import { FakeSsh } from "./fake-ssh.ts";

let docker: FakeDockerEngine;

beforeEach(async () => {
  docker = await FakeDockerEngine.start();
});

afterEach(() => docker.stop());

function running(work: (engine: EngineSide) => Promise<void>): Promise<void> {
  return withProvider(dockerProvider(), "docker:index/volume:Volume", work);
}

test("rejects a socket without a listener when the provider is configured", () =>
  running(async (engine) => {
    await expect(engine.configure({ host: "unix:///nobody/docker.sock" })).rejects.toThrow(
      "docker native provider returned an unexpected error from Configure: failed to connect to any docker daemon",
    );
  }));

test("configuration, preview and diff do not contact an ssh host; other operations share one connection", async () => {
  const ssh = await FakeSsh.install(docker.socket);
  try {
    await running(async (engine) => {
      await engine.configure({ host: "ssh://deploy@web1:2222", sshOpts: JSON.stringify(["-o", "BatchMode=yes"]) });
      const { inputs } = await engine.check({ name: "data" });
      await engine.create(inputs, { preview: true });
      expect(await ssh.calls()).toEqual([]);

      const volume = { inputs, ...(await engine.create(inputs)) };
      await engine.diff(volume, inputs);
      await engine.read(volume);
      await engine.delete(volume);
      expect(docker.requests).toContain("DELETE /volumes/data");
      expect(await ssh.calls()).toEqual([
        "-l|deploy|-p|2222|-o|BatchMode=yes|-o ConnectTimeout=30|-T|--|web1|docker system dial-stdio|",
      ]);
    });
  } finally {
    await ssh.remove();
  }
});

test("rejects an operation whose ssh fails, with the command and its error output", async () => {
  const ssh = await FakeSsh.install(undefined);
  try {
    await running(async (engine) => {
      await engine.configure({ host: "ssh://web1" });
      await expect(engine.create({ name: "data" })).rejects.toThrow(
        "1 error occurred:\n\t* failed to create Docker client: Error pinging Docker server, please make sure that " +
          "ssh://web1 is reachable and has a  '_ping' endpoint. Error: error during connect: " +
          'Head "http://docker.example.com/_ping": ' +
          "command [ssh -o ConnectTimeout=30 -T -- web1 docker system dial-stdio] has exited with exit status 255, " +
          "make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: " +
          "stderr=ssh: connect to host web1 port 22: Connection refused\n",
      );
    });
  } finally {
    await ssh.remove();
  }
});

test("an ssh address becomes the same ssh command as in Docker's own client", () => {
  const words = (host: string, options: string[] = []) => {
    const address = parseHost(host, options);
    return address.kind === "ssh" ? address.words.join("|") : address.path;
  };
  expect(words("ssh://web1", ["-T", "-oConnectTimeout=5"])).toBe(
    "ssh|-T|-oConnectTimeout=5|--|web1|docker system dial-stdio",
  );
  expect(words("ssh://[::1]:22/run/d.sock")).toContain(
    "|-p|22|-o ConnectTimeout=30|-T|--|::1|docker --host=unix:///run/d.sock",
  );
  expect(words("unix:///run/docker.sock")).toBe("/run/docker.sock");
});

test("rejects an ssh address with a password, a query or a fragment", () => {
  for (const host of ["ssh://a:b@web1", "ssh://web1?x=1", "ssh://web1#x", "ssh://web1/a%20b"]) {
    expect(() => parseHost(host, [])).toThrow("ssh host connection is not valid: invalid SSH URL: ");
  }
});
