import { expect, test } from "vitest";
import { NewApplication } from "./new-application.ts";

test("third-party services alone need nothing but their ports", async () => {
  const compose = "services:\n  web: { image: nginx, ports: ['8080:80'] }\n  cache: { image: redis }\n";
  using application = new NewApplication({ "docker-compose.yml": compose });
  await application.new();
  expect(application.read("Pulumi.yaml")).toContain("# No service is built here, so all are shared");
  expect(application.read("Pulumi.yaml")).not.toContain("config");
  expect(application.stackKeys()).toEqual({ ports: { web: 8080 } });
  expect(await application.problems()).toEqual([]);
});

test("a port that the server's SSH has gets another one, which is said", async () => {
  const compose = "services:\n  git: { image: gitea/gitea, ports: ['22:22', '3000:3000'] }\n";
  using application = new NewApplication({ "compose.yaml": compose });
  expect(await application.new()).toContain(
    "\n  ports.git: has another port than the compose file, since 22 is taken on the server; write the one that you",
  );
  expect(application.stackKeys()).toEqual({ ports: { git: { "22": 2222, "3000": 3000 } } });
  expect(await application.problems()).toEqual([]);
});

test("on the server that Pulumi.yaml names for all stacks, each gets ports that the others do not have", async () => {
  using application = new NewApplication({
    "compose.yaml": "services:\n  web: { image: nginx, ports: ['8080:80'] }\n",
  });
  await application.new();
  const host = "  host: { value: { address: 192.0.2.1, user: deploy } }\n";
  application.write("Pulumi.yaml", `${application.read("Pulumi.yaml")}config:\n${host}`);
  const own = application.read("Pulumi.production.yaml");
  application.write("Pulumi.production.yaml", own.replace(/ {2}shop:host:\n(?: {4}.*\n)+/, ""));
  application.write("Pulumi.broken.yaml", "config: [");
  await application.new([], "staging");
  expect(application.stackKeys("staging")).toEqual({ ports: { web: 8081 } });
  application.write("Pulumi.production.yaml", own.replace("${SERVER_HOST}", "192.0.2.2"));
  application.write("Pulumi.staging.yaml", "config: {}\n");
  await application.new([], "test");
  expect(application.stackKeys("test")).toEqual({ ports: { web: 8080 } });
});

test("of web services behind the team's own nginx, the port that the files do not say is asked for", async () => {
  const compose = `services:
  a: { build: a, healthcheck: { test: [CMD, wget, -q, "http://127.0.0.1:4000/ready"] } }
  b: { build: b }
  nginx: { image: nginx, ports: ["80:80", "443:443"], depends_on: [a, b], volumes: ["./n.conf:/n.conf"] }
`;
  using application = new NewApplication({ "compose.yaml": compose, "n.conf": "" });
  const said = await application.new();
  expect(application.projectKeys()).toEqual({
    services: { a: { release: true, port: 4000, health: "/ready" }, b: { release: true } },
  });
  expect(application.stackKeys()).toEqual({
    ports: { nginx: { "80": "127.0.0.1:80", "443": "127.0.0.1:443" } },
  });
  expect(said).toContain(
    "services.b.port: is not known, and 'nginx' may call the service; write the port that it answers on",
  );
  expect(said).not.toContain("services.a.port");
  expect(said).toContain("ports.nginx: is open only to the server itself, got 80 and 443; write 0.0.0.0 in place of");
  expect(await application.problems()).toEqual([]);
});

test("what is built and cannot come in colours is shared: a database, and a service of UDP", async () => {
  const compose = `services:
  db: { build: db, image: team/postgres, volumes: ["rows:/var/lib/postgresql/data"] }
  dns: { build: dns, ports: ["53:53/udp"] }
  web: { build: web, ports: ["8080:80"] }
volumes: { rows: }
`;
  using application = new NewApplication({ "compose.yaml": compose });
  await application.new();
  expect(application.projectKeys()).toEqual({ services: { web: { release: true } } });
  expect(application.stackKeys()).toEqual({ ports: { dns: 53, web: 8080 } });
  expect(await application.problems()).toEqual([]);
});

test("a service that migrates and starts again only on failure is a migration if released, else a job", async () => {
  const policy = "deploy: { restart_policy: { condition: on-failure } }";
  const compose = `services:
  api: { image: team/backend, ports: ["8080:80"] }
  migrator: { image: team/backend, command: ./bin/entrypoint-migrator.sh, ${policy} }
  beat: { image: team/backend, command: ./bin/beat, ${policy} }
`;
  using shared = new NewApplication({ "compose.yaml": compose });
  await shared.new();
  expect(shared.projectKeys()).toEqual({ services: { migrator: { job: true } } });
  expect(shared.read("Pulumi.yaml")).toContain("# No service is built here, so all are shared");
  expect(shared.read("Pulumi.yaml")).toContain("migrator: { job: true } # ends with 0 each time that it is started");
  expect(await shared.problems()).toEqual([]);
  using built = new NewApplication({ "compose.yaml": compose.replaceAll("image: team/backend", "build: .") });
  await built.new();
  expect(built.projectKeys()).toEqual({
    services: { api: { release: true }, beat: { release: true } },
    migration: { service: "migrator" },
  });
  expect(await built.problems()).toEqual([]);
});

test("parts for development are left out, and data folders are named; a job is asked for", async () => {
  const compose = `services:
  web:
    build: { context: ., target: dev }
    ports: ["3000"]
    volumes: ["./:/app", "./uploads/a:/data", "./uploads:/uploads"]
    depends_on: { setup: { condition: service_completed_successfully } }
  setup: { build: ., command: ./setup.sh }
`;
  using application = new NewApplication({ "compose.yaml": compose });
  const said = await application.new();
  expect(said).toContain("--image web=<registry/repository:tag> --image setup=<registry/repository:tag>");
  expect(application.projectKeys()).toEqual({
    services: { web: { release: true, drop: ["/app", "build.target"] }, setup: { release: true } },
    folders: { "./uploads": {} },
  });
  expect(application.stackKeys()).toEqual({ ports: { web: "none" } });
  expect(said).toContain("ports.web: is none, since the file lets Docker choose; write a server port");
  expect(said).toContain("services.setup: is a job of the release");
  expect(said).toContain("folders: has folders that git does not track, which slipway takes for data, got 'uploads'");
  expect(await application.problems()).toEqual([]);
});

test("limits of delivered files are raised to what services mount", async () => {
  const compose = "services:\n  web: { image: nginx, volumes: ['./map.json:/map.json:ro'] }\n";
  using application = new NewApplication({ "compose.yaml": compose, "map.json": "x".repeat(1_500_000) });
  await application.new();
  expect(application.projectKeys()).toEqual({ files: { limit: "2 MB" } });
  expect(await application.problems()).toEqual([]);
});

test("a contract's variables are asked for, each as the secret or the plain text that it is", async () => {
  const contract = "# secret\nSESSION=x\n# url\nHOME_PAGE=https://localhost\n# optional\nEXTRA=\n";
  using application = new NewApplication({
    "compose.yaml": "services:\n  web: { image: nginx, env_file: .env }\n",
    ".env.example": contract,
  });
  const said = await application.new();
  expect(application.stackKeys()).toEqual({ variables: { HOME_PAGE: "CHANGEME" } });
  expect(said).toContain("  secrets.SESSION: has no value");
  expect(said).not.toContain("EXTRA");
});

test("a migration that developers run by its profile runs with each release, and other profiles stay out", async () => {
  const compose = `services:
  web: { build: ., image: team/web, depends_on: [db] }
  migrate: { image: team/web, command: [migrate], profiles: [tools], depends_on: [db] }
  psql: { image: team/web, command: [psql], profiles: [tools] }
  db: { image: "postgres:17", volumes: ["rows:/var/lib/postgresql/data"] }
volumes: { rows: }
`;
  using application = new NewApplication({ "compose.yaml": compose });
  await application.new();
  expect(application.projectKeys()).toEqual({
    services: { web: { release: true } },
    migration: { service: "migrate" },
  });
  expect(await application.problems()).toEqual([]);
});

test("a migration with a profile is for a release alone: without one it stays out", async () => {
  const compose =
    "services:\n  migrate: { build: ., command: [migrate], profiles: [tools] }\n  web: { image: nginx }\n";
  using application = new NewApplication({ "compose.yaml": compose });
  await application.new();
  expect(application.read("Pulumi.yaml")).not.toContain("migration");
});

test("a job that keeps a volume of its own, or waits for a service of the release, is no migration", async () => {
  const compose = `services:
  web: { build: ., image: team/web, depends_on: { migrate: { condition: service_completed_successfully } } }
  migrate: { image: team/web, command: [migrate], volumes: ["state:/state"] }
  late: { image: team/web, command: [migrate], depends_on: [web] }
  end: { image: team/web, depends_on: { late: { condition: service_completed_successfully } } }
volumes: { state: }
`;
  using application = new NewApplication({ "compose.yaml": compose });
  await application.new();
  const release = { release: true };
  expect(application.projectKeys()).toEqual({
    services: { web: release, migrate: release, late: release, end: release },
  });
  expect(await application.problems()).toEqual([]);
});

test("problems that only a missing value causes are not printed, and those of the files are", async () => {
  const compose = `services:
  db: { image: "postgres:17", volumes: ["\${DATA}:/var/lib/postgresql/data"] }
  web: { image: nginx, volumes: ["./site.conf:/site.conf"] }
`;
  using application = new NewApplication({ "compose.yaml": compose });
  const said = await application.new();
  expect(said.split("\n").filter((line) => line.includes("volumes") || line.includes("site.conf"))).toEqual([
    "  compose.yaml:3:34: the mounted 'site.conf' does not exist; add it to the repository, correct the path, or add " +
      "/site.conf to services.web.drop",
  ]);
  expect(said).toContain("variables.DATA: has no value");
});
