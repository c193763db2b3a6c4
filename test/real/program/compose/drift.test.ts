import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { secrets } from "../../../../host/verbs/secrets.ts";
import { series } from "../../series.ts";
import { base } from "../../../hosts/image/images.ts";
import { recipeTag } from "../../../hosts/image/recipe.ts";
import { ensureImages } from "../../../hosts/image/store.ts";
import { composeOnPath } from "./compose-on-path.ts";
import { docker } from "../docker.ts";
import { Shop, sleeps, type ShopService } from "./shop.ts";

const image = recipeTag(base);

beforeAll(async () => {
  await ensureImages([base], () => undefined);
  return await composeOnPath();
});

const cache = { fields: { environment: { TOKEN: "${TOKEN}" } } };

/** Makes a container again by hand, as Compose would label it. */
function remade(shop: Shop, ...options: string[]): void {
  const labels = { project: shop.project, service: "cache", oneoff: "False", "config-hash": "0" };
  docker("rm", "--force", shop.name("cache"));
  const words = Object.entries(labels).flatMap(([name, value]) => ["--label", `com.docker.compose.${name}=${value}`]);
  docker("run", "--detach", "--init", "--name", shop.name("cache"), ...words, ...options, image, ...sleeps);
}

/** Everything that the changes by hand change. */
const form =
  "{{.State.Status}} {{json .HostConfig.RestartPolicy}} {{json .HostConfig.PortBindings}} {{json .Config.Env}} " +
  "{{range $network, $end := .NetworkSettings.Networks}}{{$network}}{{end}}";

const changes = [
  {
    what: "stopped",
    act: (shop: Shop) => docker("stop", "--time", "1", shop.name("cache")),
    found: (name: string): unknown[] => [expect.stringMatching(`^${name}: running => exited \\(\\d+\\)$`)],
  },
  {
    what: "removed",
    act: (shop: Shop) => docker("rm", "--force", shop.name("cache")),
    found: (name: string): unknown[] => [`${name}: running => missing`],
  },
  {
    what: "given another restart policy",
    act: (shop: Shop) => docker("update", "--restart", "always", shop.name("cache")),
    found: (name: string): unknown[] => [`${name} restart policy: unless-stopped => always`],
  },
  {
    what: "made again with another variable and a port",
    act: (shop: Shop) => remade(shop, "--env", "TOKEN=canary-three", "--publish", "127.0.0.1::8080"),
    found: (name: string): unknown[] => [
      `${name} variable TOKEN: the value that was applied => another value`,
      `${name} port 8080/tcp: none => 127.0.0.1:`,
    ],
  },
  {
    what: "renamed",
    act: (shop: Shop) => docker("rename", shop.name("cache"), `${shop.project}-mine`),
    found: (name: string): unknown[] => [
      `${name.replace("cache-1", "mine")}: no such container => a container`,
      `${name}: running => missing`,
    ],
  },
  {
    what: "taken out of its network",
    act: (shop: Shop) => docker("network", "disconnect", `${shop.project}_default`, shop.name("cache")),
    found: (name: string): unknown[] => [expect.stringMatching(`^${name} network \\S+: cache ${name} => none$`)],
  },
  {
    what: "paused",
    act: (shop: Shop) => docker("pause", shop.name("cache")),
    found: (name: string): unknown[] => [`${name}: running => paused`],
  },
];

describe("a container that was changed by hand", () => {
  it.each(series(changes, changes.slice(2, 3)))("is named and repaired: $what (F96)", async ({ act, found }) => {
    const shop = new Shop();
    await shop.apply({ cache });
    const before = shop.inspect("cache", form);
    act(shop);
    expect(await shop.differences({ cache })).toEqual(expect.arrayContaining(found(shop.name("cache"))));
    await shop.apply({ cache });
    expect(await shop.differences({ cache })).toEqual([]);
    expect(shop.inspect("cache", form)).toBe(before);
    expect(shop.names()).toEqual([shop.name("cache")]);
  });

  it("is named when it was replaced by one of somebody else, which is left alone (F133)", async () => {
    const shop = new Shop();
    await shop.apply({ cache });
    docker("rm", "--force", shop.name("cache"));
    docker("run", "--detach", "--name", shop.name("cache"), image, ...sleeps);
    const foreign = shop.id("cache");
    expect(await shop.differences({ cache })).toEqual([
      `${shop.name("cache")}: running => another container of that name`,
    ]);
    await expect(shop.apply({ cache })).rejects.toThrow("has the name of ours, and slipway did not make it");
    expect(shop.id("cache")).toBe(foreign);
    // The run that failed made no container of its own; what is missing is still named.
    docker("rm", "--force", foreign);
    expect(await shop.differences({ cache })).toEqual([
      `${shop.project}: as it was applied => left by document 4.2, which failed`,
      `${shop.name("cache")}: running => missing`,
    ]);
  });

  it("is no difference while it is only ill: a document would not mend it", async () => {
    const shop = new Shop();
    const healthcheck = { test: ["CMD", "test", "!", "-e", "/ill"], interval: "1s", retries: 1, start_period: "0s" };
    const ill = { fields: { healthcheck } };
    await shop.apply({ ill });
    shop.exec("ill", "touch", "/ill");
    await expect.poll(() => shop.inspect("ill", "{{.State.Health.Status}}"), { timeout: 20_000 }).toBe("unhealthy");
    expect(await shop.differences({ ill })).toEqual([]);
  });

  it("starts again though its network is gone", async () => {
    const shop = new Shop();
    const cut: ShopService = { ...cache, fields: { ...cache.fields, restart: "no" } };
    await shop.apply({ cut });
    docker("stop", "--time", "1", shop.name("cut"));
    docker("network", "rm", `${shop.project}_default`);
    await shop.apply({ cut });
    expect(shop.inspect("cut", "{{.State.Status}}")).toBe("running");
    expect(await shop.differences({ cut })).toEqual([]);
  });
});

describe("what is kept of a project", () => {
  it("holds no value that a compose file may have from the env file (F111)", async () => {
    const shop = new Shop();
    const healthcheck = { test: ["CMD", "true", "${TOKEN}"], interval: "1s" };
    const fields = { environment: { TOKEN: "${TOKEN}" }, labels: { auth: "${TOKEN}" }, entrypoint: "env X=${TOKEN}" };
    const told = {
      command: ["sleep", "600"],
      fields: { ...fields, healthcheck, logging: { options: { tag: "${TOKEN}" } } },
    };
    await shop.apply({ told });
    expect(shop.inspect("told", "{{json .Config}} {{json .HostConfig.LogConfig}}").split("canary-one")).toHaveLength(6);
    const kept = readdirSync(join(shop.folder, "state"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
    expect(kept.length).toBeGreaterThan(3);
    expect(kept.join("\n")).not.toContain("canary");
    shop.setEnv({ TOKEN: "canary-two" });
    docker("rm", "--force", shop.name("told"));
    docker(
      "run",
      "--detach",
      "--name",
      shop.name("told"),
      "--label",
      `com.docker.compose.project=${shop.project}`,
      image,
      ...sleeps,
    );
    expect((await shop.differences({ told })).join("\n")).not.toMatch(/canary|[0-9a-f]{64}$/m);
  });

  it("names a compose file and files beside it that were changed by hand, and they are written again", async () => {
    const shop = new Shop();
    await shop.apply({ cache });
    appendFileSync(join(shop.directory, "compose.yaml"), "# mine\n");
    chmodSync(join(shop.directory, "compose.yaml"), 0o600);
    const path = join(shop.directory, "compose.yaml");
    expect(await shop.differences({ cache })).toEqual([
      `${path}: as it was delivered => changed by hand`,
      `${path} mode: 0644 => 0600`,
    ]);
    await shop.apply({ cache });
    expect(readFileSync(path, "utf8")).not.toContain("# mine");
    expect(await shop.differences({ cache })).toEqual([]);
  });
});

describe("a container that mounts single files", () => {
  const mounts = (shop: Shop, name: string): ShopService => ({
    fields: { volumes: [{ type: "bind", source: join(shop.directory, name), target: "/etc/motd", read_only: true }] },
  });
  const startOf = (shop: Shop, service: string) => shop.inspect(service, "{{.State.StartedAt}}");

  it("starts again when one was replaced, and no other does", async () => {
    const shop = new Shop();
    shop.replace("motd", "first\n");
    const services = { cache: mounts(shop, "motd"), queue: {} };
    await shop.apply(services);
    const [cacheStart, queueStart] = [startOf(shop, "cache"), startOf(shop, "queue")];
    shop.replace("motd", "second\n");
    expect(await shop.differences(services)).toEqual([
      `${shop.name("cache")} /etc/motd: the file as it is => an earlier one`,
    ]);
    await shop.apply(services);
    expect(shop.exec("cache", "cat", "/etc/motd")).toBe("second");
    expect(startOf(shop, "cache")).not.toBe(cacheStart);
    expect(startOf(shop, "queue")).toBe(queueStart);
    expect(await shop.differences(services)).toEqual([]);
  });

  it("starts again when a file in a folder that it mounts was written again, as its document says", async () => {
    const shop = new Shop();
    mkdirSync(join(shop.directory, "conf"));
    writeFileSync(join(shop.directory, "conf", "rules"), "first\n");
    const service = (written: string): ShopService => ({
      fields: { volumes: [{ type: "bind", source: join(shop.directory, "conf"), target: "/etc/conf" }] },
      facts: { mounts: { "/etc/conf": written } },
    });
    await shop.apply({ cache: service("1.a"), queue: {} });
    const [cacheStart, queueStart] = [startOf(shop, "cache"), startOf(shop, "queue")];
    await shop.apply({ cache: service("1.a"), queue: {} });
    expect(startOf(shop, "cache")).toBe(cacheStart);
    await shop.apply({ cache: service("2.a"), queue: {} });
    expect(startOf(shop, "cache")).not.toBe(cacheStart);
    expect(startOf(shop, "queue")).toBe(queueStart);
  });

  it("is named while a secret file that it mounts is not as it was delivered: it will be replaced (E9)", async () => {
    const shop = new Shop();
    const files = { "secrets/db": { mode: "0400", owner: "70", staged: "variable.DB", entries: { DB: "f1" } } };
    const bytes = new Map([["variable.DB", Buffer.from("canary-db")]]);
    const deliver = () =>
      secrets.apply({ directory: shop.directory, files }, shop.server.work("secrets", { secrets: bytes }));
    await deliver();
    const services = { cache: mounts(shop, "secrets/db"), queue: {} };
    await shop.apply(services);
    expect(await shop.differences(services)).toEqual([]);
    writeFileSync(join(shop.directory, "secrets", "db"), "by hand");
    const found = [`${shop.name("cache")} /etc/motd: the file as it is => an earlier one`];
    expect(await shop.differences(services)).toEqual(found);
    await deliver();
    expect(await shop.differences(services)).toEqual(found);
    await shop.apply(services);
    expect(shop.exec("cache", "cat", "/etc/motd")).toBe("canary-db");
    rmSync(join(shop.directory, "secrets"), { recursive: true });
  });
});
