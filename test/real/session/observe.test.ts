import { Buffer } from "node:buffer";
import { afterAll, beforeAll, expect, test } from "vitest";
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

const words = ["want directory /var/www/app", "want project app", "want port 22", "want port 18080", "observe", "end"];

/** Observes by the installed program, without the connection. */
async function observe(prefix = ""): Promise<readonly Record<string, unknown>[]> {
  const script = `${prefix} bash /var/lib/slipway/stacks/aaperture@staging/slipway attend aaperture/staging`;
  const { code, stdout, stderr } = await server.exec(["bash", "-c", script], { stdin: `${words.join("\n")}\n` });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test("an observation names the listener on a port: a process, or a container with its project (F34)", async () => {
  const facts = await observe();
  expect(facts.filter(({ fact }) => fact === "container")).toHaveLength(21);
  const listeners = facts.filter(({ fact }) => fact === "listener");
  expect(listeners).toContainEqual(
    expect.objectContaining({
      port: "18080",
      address: "127.0.0.1",
      container: "published",
      project: "app",
    }),
  );
  expect(listeners).toContainEqual(expect.objectContaining({ port: "22", command: "sshd", container: "" }));
});

test("an observation writes only to the memory of /run", async () => {
  const readOnly =
    "mount --make-rprivate / && for at in /var/lib/slipway /srv /etc /tmp /root; " +
    "do mount --bind $at $at && mount -o remount,bind,ro $at; done";
  const facts = await observe(`exec unshare --mount bash -c '${readOnly} && exec "$@"' x`);
  expect(facts.at(-1)).toEqual({ fact: "observed" });
});

test("an observation of 21 containers is measured beside the bare commands", async () => {
  const attend = "bash /var/lib/slipway/stacks/aaperture@staging/slipway attend aaperture/staging";
  const script = `measure() {
  local began=$EPOCHREALTIME n
  for n in 1 2 3 4 5; do "$@" >/dev/null; done
  echo $(((\${EPOCHREALTIME/./} - \${began/./}) / 5000))
}
bare() { docker ps --all >/dev/null; docker inspect $(docker ps --all --quiet); }
observe() { printf '%s\\n' ${words.map((word) => `'${word}'`).join(" ")} | ${attend}; }
nothing() { echo end | ${attend}; }
measure bare; measure observe; measure nothing
measure docker ps --all; measure docker info --format '{{.ServerVersion}}'; measure docker compose version --short`;
  const [bare, all, nothing, ps, info, compose] = (await managed.on(script)).split("\n").map(Number);
  process.stdout.write(
    `observation of 21 containers: ${String(all)} ms, of which ${String(nothing)} ms without an observation; ` +
      `bare ps and inspect: ${String(bare)} ms; ps ${String(ps)}, info ${String(info)}, ` +
      `compose version ${String(compose)} ms\n`,
  );
  expect(all).toBeGreaterThan(0);
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
    "write: cannot write '/data/app/a.yml' of files (document 2.a); look for a full disk or a read-only file system\n",
  );
  expect(await managed.on("ls -A /data/app && cat /data/app/a.yml")).toBe("a.yml\nold");
  expect(await managed.outcome("files", "apply", files("new\n"))).toBe("applied");
});
