import { Buffer } from "node:buffer";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Observation } from "../../../model/facts/observation.ts";
import type { ObservationScope } from "../../../model/facts/scope.ts";
import { answerSchema } from "../../../model/session/protocol.ts";
import { hostProgram } from "../../../remote/program.ts";
import { Runtimes } from "../../../remote/runtime.ts";
import { slipwayRoot } from "../../../remote/slipway-root.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { ManagedServer } from "./managed-server.ts";

let started: TestServers;
let server: TestServer;
let managed: ManagedServer;

beforeAll(async () => {
  started = await startServers(1);
  const [first] = started.servers;
  if (first === undefined) throw new Error("there is no server");
  server = first;
  managed = await ManagedServer.open(started, server, "aaperture/staging");
  const { image } = await started.buildAppRelease({ version: "1.0.0" });
  await managed.on(`docker pull --quiet ${image}
for n in {1..20}; do
  docker create --name app-$n --label com.docker.compose.project=app --label com.docker.compose.service=s$n ${image}
done
labels="--label com.docker.compose.project=app --label com.docker.compose.service=web"
docker run --detach --name published --publish 127.0.0.1:18080:8080 $labels ${image}`);
});

afterAll(async () => {
  await managed.close();
  await started.stop();
});

const scope = {
  directory: "/var/www/app",
  projects: ["app"],
  ports: ["0.0.0.0:22", "127.0.0.1:18080"],
  volumes: [],
  networks: [],
  containers: [],
  subnets: [],
  bridges: [],
  bound: {},
  clusters: {},
} as const satisfies ObservationScope;

/** Observes as a run does, by slipway-root, in a process that may write to the memory of /run alone. */
async function observeReadOnly(): Promise<Observation | undefined> {
  const { version } = new Runtimes({ environment: process.env, say: () => undefined });
  const { sha256 } = await hostProgram();
  const readOnly =
    "mount --make-rprivate / && for at in /var/lib/slipway /srv /etc /tmp /root; " +
    'do mount --bind $at $at && mount -o remount,bind,ro $at; done; exec "$@"';
  const root = ["sh", "-c", slipwayRoot, "slipway-root", "attend", managed.stack, version, sha256, "n0nce12345"];
  const requests = [{ do: "observe", scope }, { do: "end" }].map((request) => `${JSON.stringify(request)}\n`);
  const { code, stdout, stderr } = await server.exec(["unshare", "--mount", "sh", "-euc", readOnly, "x", ...root], {
    stdin: requests.join(""),
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const answers = stdout.split("\n").filter((line) => line !== "");
  const read = answers.map((line) => answerSchema.parse(JSON.parse(line.replace(/^n0nce12345 /, ""))));
  expect(read.map(({ to }) => to)).toEqual(["start", "observe", "end"]);
  return read.find((answer) => answer.to === "observe")?.observation;
}

test("an observation names the listener on a port: a process, or a container with its project (F34)", async () => {
  const { containers, listeners } = await managed.observe(scope);
  expect(containers).toHaveLength(20);
  expect(containers.map(({ name }) => name)).not.toContain("published"); // it only says that it is of the project
  const process = { pid: expect.stringMatching(/^\d+$/) as string, command: "sshd", container: "", project: "" };
  const container = { pid: "", command: "", container: "published", project: "app" };
  expect(listeners).toHaveLength(3);
  expect(listeners).toEqual(
    expect.arrayContaining([
      { port: "18080", protocol: "tcp", address: "127.0.0.1", ...container },
      { port: "22", protocol: "tcp", address: "0.0.0.0", ...process },
      { port: "22", protocol: "tcp", address: "::", ...process },
    ]),
  );
});

test("an observation writes only to the memory of /run", async () => {
  const whole = await managed.observe(scope);
  // Free room and the clock go on in between.
  const steady = ({ applied, claims, containers, listeners, journal, volumes }: Observation) => {
    return { applied, claims, containers, listeners, journal, volumes };
  };
  const found = await observeReadOnly();
  expect(found === undefined ? undefined : steady(found)).toEqual(steady(whole));
});

test("rejects a write to a full disk, with object and number, and keeps the old file (F14)", async () => {
  const files = (content: string) =>
    managed.document("files", "files", {
      directory: "/data/app",
      files: { "a.yml": { mode: "0644", content: Buffer.from(content) } },
    });
  await managed.on("mkdir /data/app");
  expect(await managed.outcome("files", "apply", files("old\n"))).toBe("applied");
  await server.fillData();
  const failed = await managed.run("files", "apply", files("new\n".repeat(100_000)));
  await server.emptyData();
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain(
    "files: cannot write 'a.yml' in '/data/app' (document 2.a): ENOSPC: no space left on device",
  );
  expect(await managed.on("find /data/app -type f && cat /data/app/a.yml")).toBe("/data/app/a.yml\nold");
  expect(await managed.outcome("files", "apply", files("new\n"))).toBe("applied");
});
