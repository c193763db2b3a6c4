import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkout } from "../../../toolchain/paths.ts";
import { NewApplication } from "./new-application.ts";

const shop = `
services:
  web:
    build: web
    image: registry.example/shop/web
    ports: ["8080:3000"]
    environment: { DATABASE_URL: "postgres://shop:\${POSTGRES_PASSWORD}@db/shop", PUBLIC_URL: "\${PUBLIC_URL}" }
    healthcheck: { test: curl -f http://localhost:3000/health || exit 1 }
    depends_on: { migrate: { condition: service_completed_successfully } }
  worker: { image: registry.example/shop/web, command: work }
  migrate: { image: registry.example/shop/web, command: "npm run migrate", depends_on: [db] }
  db: { image: "postgres:17", volumes: ["rows:/var/lib/postgresql/data"] }
volumes: { rows: }
`;

test("what the compose file says is written with comments, in files that are short", async () => {
  using application = new NewApplication({ "compose.yaml": shop });
  await application.new();
  const main = `${"../".repeat(join(application.folder).split("/").length - 1)}${checkout.slice(1)}/index.ts`;
  expect(application.read("Pulumi.yaml").replace(main, "slipway/index.ts")).toBe(`name: shop
runtime:
  name: nodejs
  options: { typescript: false } # Node itself strips the types
main: slipway/index.ts
config:
  # The release: its images are built here, and each deploy switches to the new ones. Shared services, which stay: db.
  services:
    type: object
    default:
      web: { release: true, health: /health } # answers on port 3000
      worker: { release: true } # publishes no port, or none that is known to speak HTTP
  # Runs once for each release, before its services start. It must be safe to repeat.
  migration:
    type: object
    default:
      service: migrate
  # Data, which the server keeps and guards: rows (of db, a Postgres cluster).
`);
  expect(application.read("Pulumi.production.yaml")).toBe(`config:
  # The server: its address, its user (root, or the one of \`slipway host prepare\`), and its public host key. That is
  # /etc/ssh/ssh_host_ed25519_key.pub there, without the comment. Write them here, or set these variables.
  shop:host:
    address: \${SERVER_HOST}
    user: \${SERVER_USER}
    hostKey: \${SERVER_HOST_KEY}
  # The stack's own folder on the server, and the prefix of all names that it uses there.
  shop:directory: /opt/shop-production
  shop:project: shop-production
  # The ports on the server. Without an address, only the server itself reaches a port; write "0.0.0.0:8080" instead of
  # 8080 to open it to others.
  shop:ports:
    web: 8080 # published by slipway's proxy
  # Variables that the compose file needs and has no default for.
  shop:variables:
    PUBLIC_URL: CHANGEME
  # Secrets that the compose file needs: POSTGRES_PASSWORD. Each is set by
  # pulumi config set --secret --path secrets.<name> --stack production
`);
});

test("what the compose files do not say is printed by its key, and then what comes next", async () => {
  using application = new NewApplication({ "compose.yaml": shop });
  expect(await application.new()).toBe(`Pulumi.yaml: written
Pulumi.production.yaml: written
what the compose files do not say:
  host: is not known; write the server's address, user and host key
  variables.PUBLIC_URL: has no value, got 'CHANGEME'; write it into Pulumi.production.yaml
  secrets.POSTGRES_PASSWORD: has no value; set it as shown below
next:
  slipway init --stack production
    creates the stack's state and its key
  pulumi config set --secret --path secrets.<name> --stack production
    asks for a value; run it for each secret: POSTGRES_PASSWORD
  slipway lock
    writes slipway.lock, with the digests of images that you do not build
  slipway release --image web=<tag>
    writes the release document for images that you pushed
  slipway host check --stack production
    shows what the server lacks
  slipway up --stack production
    shows the plan, asks, and deploys
`);
  expect(await application.problems()).toContain("variables.PUBLIC_URL");
});

test("with --json the same is one document", async () => {
  using application = new NewApplication({ "compose.yaml": shop, "compose.override.yaml": "services: {}\n" });
  expect(JSON.parse(await application.new(["--json"]))).toMatchObject({
    stack: "production",
    written: ["Pulumi.yaml", "Pulumi.production.yaml"],
    notes: [expect.stringContaining("compose.override.yaml is not merged")],
    open: [{ path: "host" }, { path: "variables.PUBLIC_URL" }, { path: "secrets.POSTGRES_PASSWORD" }],
    problems: [],
    next: expect.arrayContaining([
      { command: "slipway up --stack production", purpose: "shows the plan, asks, and deploys" },
    ]) as unknown,
  });
});

describe("files that are there", () => {
  test("a second stack leaves Pulumi.yaml as it is, and gets the keys that it lacks", async () => {
    using application = new NewApplication({ "compose.yaml": shop });
    await application.new();
    const before = application.read("Pulumi.yaml");
    expect(await application.new([], "team/shop/staging")).toMatch(/^Pulumi.yaml: exists already; left as it is\n/);
    expect(application.read("Pulumi.yaml")).toBe(before);
    expect(application.stackKeys("staging")).toEqual(application.stackKeys());
    expect(application.read("Pulumi.staging.yaml")).toContain("shop:directory: /opt/shop-staging\n");
  });

  test("a second stack is told which keys of the first it lacks", async () => {
    using application = new NewApplication({ "compose.yaml": shop });
    await application.new();
    const first = application.read("Pulumi.production.yaml");
    const added = "  shop:domain: example.com\n  shop:policy: {}\n  shop:secrets: { A: { secure: v1:x } }\n";
    application.write("Pulumi.production.yaml", first + added);
    application.write("Pulumi.broken.yaml", "config: [");
    expect(await application.new([], "staging")).toContain(
      "what the compose files do not say:\n  Pulumi.staging.yaml: does not have domain, policy, which " +
        "Pulumi.production.yaml has; copy what this stack needs as well\n  host: ",
    );
  });

  test("a Pulumi.yaml that runs another program is told", async () => {
    using application = new NewApplication({ "compose.yaml": shop, "Pulumi.yaml": "name: shop\nruntime: python\n" });
    expect(await application.new()).toMatch(
      /\n {2}Pulumi\.yaml: does not run this slipway's program in the usual way; write main: \S+\/index\.ts, and/,
    );
  });

  test("compose files that the command line names count more than those of Pulumi.yaml", async () => {
    using application = new NewApplication({
      "compose.yaml": "services:\n  web: { image: nginx }\n",
      "test.yaml": "services:\n  tests: { image: nginx }\n",
    });
    await application.new(["--compose", join(application.folder, "compose.yaml")]);
    await application.new(["--compose", "test.yaml"], "test");
    expect(application.stackKeys("test")).toEqual({ compose: "test.yaml" });
    expect(application.projectKeys()).toEqual({ compose: "compose.yaml" });
  });

  test("keys that Pulumi.yaml has are not written again", async () => {
    using application = new NewApplication({ "compose.yaml": "services:\n  web: { build: ., ports: ['80:80'] }\n" });
    application.write("Pulumi.yaml", "name: shop\nruntime: nodejs\nconfig:\n  ports: { web: 18080 }\n");
    application.write("Pulumi.yaml", `name: shop\nruntime: nodejs\nconfig:\n  ports: { default: { web: 18080 } }\n`);
    await application.new();
    expect(application.stackKeys()).toEqual({ services: { web: { release: true } } });
  });

  test("several compose files are named in their order, and an override beside one is told", async () => {
    using application = new NewApplication({
      "compose.yaml": "services:\n  web: { image: nginx }\n",
      "compose.override.yaml": "services:\n  web: { ports: ['8080:80'] }\n",
      "deploy/prod.yaml": "services:\n  web: { ports: ['9090:80'] }\n",
    });
    await application.new(["--compose", "./compose.yaml", "--compose", "deploy/prod.yaml"]);
    expect(application.projectKeys()).toEqual({ compose: ["compose.yaml", "deploy/prod.yaml"] });
    expect(application.stackKeys()).toEqual({ ports: { web: 9090 } });
    const said = await application.new([], "staging");
    expect(said).not.toContain("override");
    rmSync(join(application.folder, "Pulumi.yaml"));
    expect(await application.new([], "test")).toContain("compose.override.yaml is not merged, as it is for developers");
  });

  test("names from a compose file stay in their comments and texts", async () => {
    const mount = `{ type: bind, source: "./a\\nmain: evil", target: /a }`;
    const compose = `services:\n  web: { image: nginx, volumes: [${mount}] }\n`;
    using application = new NewApplication({ "compose.yaml": compose });
    await application.new();
    expect(application.read("Pulumi.yaml")).not.toMatch(/^main: evil/m);
    expect(application.projectKeys()).toEqual({ folders: { "./a\nmain: evil": {} } });
  });
});

describe("rejects", () => {
  test("a stack that has a file, and changes nothing", async () => {
    using application = new NewApplication({ "compose.yaml": shop, "Pulumi.production.yaml": "config: {}\n" });
    await expect(application.new()).rejects.toThrow(
      "Pulumi.production.yaml: exists already, and slipway overwrites no file; edit it, or name a stack other than " +
        "'production' with --stack",
    );
    expect(application.has("Pulumi.yaml")).toBe(false);
  });

  test("a link in place of the stack's file, and writes no Pulumi.yaml either", async () => {
    using application = new NewApplication({ "compose.yaml": shop });
    symlinkSync("nowhere", join(application.folder, "Pulumi.production.yaml"));
    await expect(application.new()).rejects.toThrow("Pulumi.production.yaml: is a link, got '");
    expect(application.has("Pulumi.yaml") || application.has("nowhere")).toBe(false);
  });

  test("compose files that cannot be read, with all their problems, and writes nothing", async () => {
    using application = new NewApplication({ "compose.yaml": "services:\n  web: { image: nginx, prots: [] }\n" });
    await expect(application.new()).rejects.toThrow("compose.yaml:2");
    await expect(application.new(["--compose", "none.yaml"])).rejects.toThrow("there is no file 'none.yaml'");
    expect(application.has("Pulumi.yaml") || application.has("Pulumi.production.yaml")).toBe(false);
  });

  test("a folder without a compose file, and names the one with the project", async () => {
    using application = new NewApplication({ "compose.yaml": shop, "web/Dockerfile": "" });
    const web = join(application.folder, "web");
    const none = `${web}: has none of compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml; `;
    const run = (): Promise<string> => application.new([], "production", web);
    await expect(run()).rejects.toThrow(`${none}run it in the folder that has the compose file, or name the file with`);
    await application.new();
    await expect(run()).rejects.toThrow(
      `${none}run it in the folder that has the compose file, or in ${application.folder}, where the project's`,
    );
  });

  test("a folder without git, where nothing could be delivered", async () => {
    using application = new NewApplication({ "compose.yaml": shop });
    rmSync(join(application.folder, ".git"), { recursive: true });
    await expect(application.new()).rejects.toThrow(
      "is not in a git repository, and slipway delivers only what git tracks",
    );
  });

  test.each(["..", "a/b c", "x\ny"])("the name %j of a stack, which leads to another file", async (name) => {
    using application = new NewApplication({ "compose.yaml": shop });
    await expect(application.new([], name)).rejects.toThrow("--stack: is not a stack name");
  });

  test("words that it does not know", async () => {
    using application = new NewApplication({ "compose.yaml": shop });
    await expect(application.new(["--force"])).rejects.toThrow(
      "--force: is not an option of `slipway new`; use one of",
    );
  });
});
