import { beforeAll, expect, test } from "vitest";
import { eventually } from "../../hosts/condition.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";

let hosts: TestServers;
let server: TestServer;

beforeAll(async () => {
  hosts = await startServers(1);
  [server] = hosts.servers as [TestServer];
  return () => hosts.stop();
});

async function on(command: string, stdin = ""): Promise<string> {
  const { code, stdout, stderr } = await server.exec(["bash", "-c", command], { stdin });
  if (code !== 0) throw new Error(`${command}: ended with ${code}: ${stdout}${stderr}`);
  return stdout.trim();
}

function succeeds(command: string): Promise<true> {
  return eventually(command, 60, async () =>
    (await server.exec(["bash", "-c", command])).code === 0 ? true : undefined,
  );
}

test("a server pulls by digest from its trusted registry, and nothing that was deleted there", async () => {
  const { image } = await hosts.buildAppRelease({ version: "kept" });
  expect(image).toMatch(/^registry\.test:5000\/app@sha256:/);
  expect(await on(`docker pull --quiet ${image}`)).toBe(image);
  // An engine keeps the manifest of an image for a while that was removed, so this one was never there.
  const gone = await hosts.buildAppRelease({ version: "short-lived" });
  await hosts.registry.delete("app", gone.digest);
  expect(await on(`docker pull --quiet ${gone.image} 2>&1 || true`)).toMatch(/manifest unknown|not found/);
  await expect(hosts.registry.digest("app", "short-lived")).rejects.toThrow("app:short-lived not found");
});

const compose = `
services:
  postgres:
    image: postgres:17-alpine
    environment: { POSTGRES_USER: app, POSTGRES_PASSWORD: first, POSTGRES_DB: shop }
    volumes: ["pgdata:/var/lib/postgresql/data", "./initdb.d:/docker-entrypoint-initdb.d:ro"]
    command: ["-c", "max_connections=42"]
  redis: { image: "redis:alpine", command: ["--appendonly", "yes"] }
  nginx: { image: "nginx:alpine", ports: ["18080:80"] }
  prometheus: { image: "prom/prometheus:latest", ports: ["19090:9090"] }
  grafana: { image: "grafana/grafana:latest", ports: ["13001:3000"] }
  traefik:
    image: traefik:v3
    command: ["--ping=true", "--entrypoints.web.address=:80"]
    ports: ["18081:8080", "18082:80"]
volumes: { pgdata: {} }
`;

test("Compose starts the systems' services, by their official names, and each answers", async () => {
  await on("mkdir -p /srv/app/initdb.d && cat > /srv/app/compose.yaml", compose);
  await on("cat > /srv/app/initdb.d/items.sql", "CREATE TABLE items AS SELECT 1 AS number;\n");
  await on("cd /srv/app && docker compose up --detach --quiet-pull");
  const at = `http://${server.networkAddress}`;
  const says = (what: string, url: string, text: string) =>
    eventually(what, 60, async () => {
      const body = await fetch(at + url).then(
        (answer) => answer.text(),
        () => "",
      );
      return body.includes(text) ? true : undefined;
    });
  await says("nginx", ":18080/", "Welcome to nginx");
  await says("prometheus", ":19090/-/ready", "Ready");
  await says("grafana", ":13001/api/health", '"database"');
  await says("traefik", ":18082/", "404 page not found");
  await succeeds("cd /srv/app && docker compose exec -T redis redis-cli ping | grep PONG");
  expect(await on("cd /srv/app && docker compose exec -T traefik traefik healthcheck --ping")).toContain("OK");
});

const query = (sql: string, password = "first") =>
  `cd /srv/app && docker compose exec -T -e PGPASSWORD=${password} postgres psql -h postgres -U app -d shop -tAc ` +
  JSON.stringify(sql);

test("PostgreSQL knows its entry point's variables, scripts and arguments, and rejects a wrong password", async () => {
  await succeeds(query("SELECT 1"));
  expect(await on(query("SELECT number FROM items"))).toBe("1");
  expect(await on(query("SHOW max_connections"))).toBe("42");
  expect(await on(query("SHOW server_version"))).toMatch(/^17\./);
  await expect(on(query("SELECT 1", "wrong"))).rejects.toThrow("password authentication failed");
});

test("PostgreSQL keeps its data in a new container and after a restart of the server", async () => {
  await on(query("INSERT INTO items VALUES (2)"));
  await on("cd /srv/app && docker compose up --detach --force-recreate postgres");
  await succeeds(query("SELECT 1"));
  expect(await on(query("SELECT sum(number) FROM items"))).toBe("3");
  await server.restart();
  await on("cd /srv/app && docker compose start postgres");
  await succeeds(query("SELECT 1"));
  expect(await on(query("SELECT sum(number) FROM items"))).toBe("3");
});

test("PostgreSQL rejects a start without a password", async () => {
  expect(await on("docker run --rm postgres:17-alpine 2>&1 || echo $?")).toMatch(
    /superuser password is not specified[^]*1$/,
  );
});
