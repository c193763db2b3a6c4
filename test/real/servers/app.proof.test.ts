import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../../hosts/condition.ts";
import { startServers, type AppRelease, type TestServer, type TestServers } from "../../hosts/servers.ts";

let hosts: TestServers;
let server: TestServer;

beforeAll(async () => {
  hosts = await startServers(1);
  [server] = hosts.servers as [TestServer];
  await on("docker network create inner");
  return () => hosts.stop();
});

async function on(command: string, stdin = ""): Promise<string> {
  const { code, stdout, stderr } = await server.exec(["bash", "-c", command], { stdin });
  if (code !== 0) throw new Error(`${command}: ended with ${code}: ${stderr}`);
  return stdout.trim();
}

let lastPort = 8080;

/** The error of a request whose connection was refused, reset, or closed without an answer. */
const unanswered = {
  cause: { code: expect.stringMatching(/^(ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET)$/) as unknown },
};

/** Builds a release and starts it on the server; returns a function that sends requests to it. */
async function deploy(release: AppRelease, options = "") {
  const { image } = await hosts.buildAppRelease(release);
  const name = `app-${release.version}`;
  const port = ++lastPort;
  await on(`docker run --detach --name ${name} --publish ${port}:8080 ${options} ${image}`);
  const base = `http://${server.networkAddress}:${port}`;
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(base + path, { signal: AbortSignal.timeout(10_000), ...init });
    return { status: answer.status, body: z.unknown().parse(await answer.json()) };
  };
  const listens = () => eventually(`${name} listens`, 30, () => ask("/version").catch(() => undefined));
  const exitCode = () =>
    eventually(`${name} has ended`, 30, async () => {
      const [status, code] = (
        await on(`docker inspect --format '{{.State.Status}} {{.State.ExitCode}}' ${name}`)
      ).split(" ");
      return status === "exited" ? Number(code) : undefined;
    });
  return { name, ask, listens, exitCode };
}

test("a release reports its version, its environment and its host name, and has a digest of its own", async () => {
  const app = await deploy({ version: "1.0.0" }, "--hostname one --env ENVIRONMENT=staging --env 'ODD=a $b \"c\"'");
  await app.listens();
  expect((await app.ask("/")).body).toEqual({ release: "1.0.0", environment: "staging", hostname: "one" });
  expect((await app.ask("/health")).body).toEqual({ status: "ok", release: "1.0.0" });
  expect((await app.ask("/env?name=ODD")).body).toEqual({ value: 'a $b "c"', set: true });
  expect((await app.ask("/env?name=NONE")).body).toEqual({ value: "", set: false });
  expect(await on(`docker exec ${app.name} /app health; echo $?`)).toBe("0");
  const other = await hosts.buildAppRelease({ version: "1.0.1" });
  expect(other.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(other.digest).not.toBe(await hosts.registry.digest("app", "1.0.0"));
});

test("a service calls another by its alias", async () => {
  const api = await deploy({ version: "api" }, "--network inner --network-alias api");
  await api.listens();
  const web = await deploy({ version: "web" }, "--network inner");
  await web.listens();
  const { body } = await web.ask(`/call?url=${encodeURIComponent("http://api:8080/version")}`);
  expect(body).toEqual({ status: 200, body: '"api"\n' });
});

test("a release with a wrong id reports that id beside its real version", async () => {
  const app = await deploy({ version: "2.0.0", reports: "1.9.9" });
  expect((await app.listens()).body).toBe("1.9.9");
});

test("a release boots late, answers late, and sleeps as long as requested", async () => {
  const app = await deploy({ version: "late", bootDelay: "4s", latency: "1s" });
  await expect(app.ask("/version")).rejects.toMatchObject(unanswered);
  await app.listens();
  const within = (milliseconds: number) => ({ signal: AbortSignal.timeout(milliseconds) });
  await expect(app.ask("/version", within(500))).rejects.toThrow("timeout");
  await expect(app.ask("/slow?ms=3000", within(2000))).rejects.toThrow("timeout");
  expect((await app.ask("/slow?ms=10")).body).toEqual({ slept: 10 });
});

test("a release crashes at boot, after a while, or on request", async () => {
  const [atBoot, later, asked] = await Promise.all([
    deploy({ version: "crash-boot", crashAtBoot: true }),
    deploy({ version: "crash-later", crashAfter: "1s" }),
    deploy({ version: "crash-asked" }),
  ]);
  expect(await atBoot.exitCode()).toBe(1);
  expect(await later.exitCode()).toBe(1);
  await asked.listens();
  await expect(asked.ask("/crash", { method: "POST" })).rejects.toMatchObject(unanswered);
  expect(await asked.exitCode()).toBe(1);
});

test("a release uses as much memory as it was built for, and is killed for too much", async () => {
  const app = await deploy({ version: "big", memoryMiB: 40 }, "--memory 64m");
  await app.listens();
  const used = await on(`docker stats --no-stream --format '{{.MemUsage}}' ${app.name}`);
  expect(Number.parseFloat(used)).toBeGreaterThan(40);
  await expect(app.ask("/memory?mib=100")).rejects.toMatchObject(unanswered);
  expect(await app.exitCode()).toBe(137);
  expect(await on(`docker inspect --format '{{.State.OOMKilled}}' ${app.name}`)).toBe("true");
});

test("a release is unhealthy, or alternates between good and bad", async () => {
  const sick = await deploy({ version: "sick", unhealthy: true });
  await sick.listens();
  expect((await sick.ask("/health")).status).toBe(503);
  expect(await on(`docker exec ${sick.name} /app health; echo $?`)).toBe("1");
  const flaps = await deploy({ version: "flaps", flapEvery: "300ms" });
  await flaps.listens();
  const becomes = (status: number) =>
    eventually(`health is ${status}`, 10, async () =>
      (await flaps.ask("/health")).status === status ? true : undefined,
    );
  await becomes(503);
  await becomes(200);
  await becomes(503);
});

test("on SIGTERM a release fails its health check, serves while it drains, and finishes open requests", async () => {
  const app = await deploy({ version: "drains", drain: "2s" });
  await app.listens();
  const slow = app.ask("/slow?ms=3000");
  await eventually("the request is in flight", 10, async () => {
    const { body } = await app.ask("/version");
    return body === "drains" ? true : undefined;
  });
  await on(`docker kill --signal TERM ${app.name}`);
  await eventually("it drains", 10, async () => ((await app.ask("/health")).status === 503 ? true : undefined));
  expect((await app.ask("/version")).status).toBe(200);
  expect((await slow).body).toEqual({ slept: 3000 });
  expect(await app.exitCode()).toBe(0);
});

test("a release that ignores SIGTERM is killed", async () => {
  const app = await deploy({ version: "stubborn", ignoreTerm: true });
  await app.listens();
  await on(`docker stop --time 1 ${app.name}`);
  expect(await app.exitCode()).toBe(137);
});

test("a release migrates its database, reads its table, and is unhealthy without it", async () => {
  const secret =
    "--volume /root/secret:/secret:ro --env POSTGRES_PASSWORD_FILE=/secret/password --env POSTGRES_USER=app";
  await on("mkdir -p /root/secret && umask 022 && cat > /root/secret/password", 'p$w "1"\n');
  await on(`docker run --detach --name database --network inner --network-alias postgres ${secret} postgres:17-alpine`);
  await eventually("the database answers", 60, async () => {
    const { code } = await server.exec(["docker", "exec", "database", "pg_isready", "-h", "127.0.0.1", "-q"]);
    return code === 0 ? true : undefined;
  });
  const migrations = [
    { name: "001_items", sql: "CREATE TABLE items (name text)" },
    { name: "002_two_items", sql: "INSERT INTO items VALUES ('a'), ('b')" },
  ];
  const app = await deploy({ version: "stores", table: "items", migrations }, `--network inner ${secret}`);
  await app.listens();
  expect((await app.ask("/health")).status).toBe(503);
  const image = await on(`docker inspect --format '{{.Config.Image}}' ${app.name}`);
  const once = (command: string, of = image) => on(`docker run --rm --network inner ${secret} ${of} ${command}`);
  expect(await once("head")).toBe("002_two_items");
  expect(await once("current")).toBe("");
  expect(await once("migrate")).toBe("applied 001_items\napplied 002_two_items");
  expect(await once("migrate")).toBe("");
  expect(await once("current")).toBe("002_two_items");
  expect((await app.ask("/")).body).toMatchObject({ release: "stores", rows: 2 });
  expect((await app.ask("/health")).status).toBe(200);

  const broken = [...migrations, { name: "003_broken", sql: "DROP TABLE items; SELECT nonsense" }];
  const bad = await hosts.buildAppRelease({ version: "breaks", migrations: broken });
  await expect(once("migrate", bad.image)).rejects.toThrow(/003_broken/);
  expect((await app.ask("/")).body).toMatchObject({ rows: 2 });
});
