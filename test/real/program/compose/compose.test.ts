import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { runCompose } from "../../../../host/project/compose-command.ts";
import { base } from "../../../hosts/image/images.ts";
import { recipeTag } from "../../../hosts/image/recipe.ts";
import { ensureImages } from "../../../hosts/image/store.ts";
import { composeOnPath } from "./compose-on-path.ts";
import { docker } from "../docker.ts";
import { Shop, sleeps } from "./shop.ts";

const image = recipeTag(base);

beforeAll(async () => {
  await ensureImages([base], () => undefined);
  return await composeOnPath();
});

const cache = { fields: { environment: { TOKEN: "${TOKEN}" } } };
const queue = {};
const network = (shop: Shop): string => `${shop.project}_default`;

describe("the shared services of a stack", () => {
  it("start with the values of the env file, and only one whose value changed starts again", async () => {
    const shop = new Shop();
    await shop.apply({ cache, queue });
    expect(shop.exec("cache", "printenv", "TOKEN")).toBe("canary-one");
    expect(await shop.differences({ cache, queue })).toEqual([]);
    const [cacheId, queueId] = [shop.id("cache"), shop.id("queue")];
    await shop.apply({ cache, queue });
    expect([shop.id("cache"), shop.id("queue")]).toEqual([cacheId, queueId]);
    // Variables of the file cannot change how Compose itself works.
    shop.setEnv({ TOKEN: "canary-two", COMPOSE_REMOVE_ORPHANS: "true", COMPOSE_PROFILES: "none" });
    await shop.apply({ cache, queue });
    expect(shop.exec("cache", "printenv", "TOKEN")).toBe("canary-two");
    expect(shop.id("cache")).not.toBe(cacheId);
    expect(shop.id("queue")).toBe(queueId);
  });

  it("count a job that has ended well as done, and no other service that ends (SEC-C6)", async () => {
    const shop = new Shop();
    const job = { command: ["true"], fields: { restart: "no" } };
    await shop.apply({ queue, job });
    expect(shop.inspect("job", "{{.State.Status}}")).toBe("exited");
    expect(await shop.differences({ queue, job })).toEqual([]);
    const server = { command: ["true"], fields: { restart: "on-failure" } };
    const known = { ...server, facts: { job: "ends" } };
    await shop.apply({ queue, known });
    expect(await shop.differences({ queue, known })).toEqual([]);
    await expect(shop.apply({ queue, server })).rejects.toThrow(
      "'server' is exited with exit code 0; where it is meant to end, set job: true for it in `services` " +
        "(document 4.2)",
    );
  });

  it("are removed when the document no longer names them; what others run stays", async () => {
    const shop = new Shop();
    const neighbour = `${shop.project}x-neighbour`;
    docker("run", "--detach", "--name", neighbour, image, ...sleeps);
    await shop.apply({ cache, queue });
    await shop.apply({ cache });
    expect(shop.names()).toEqual([shop.name("cache"), neighbour].sort());
  });

  it("leave a container alone whose image has the label of the project, since Compose built it (F133)", async () => {
    const shop = new Shop();
    const labels = [`com.docker.compose.project=${shop.project}`, "com.docker.compose.service=gone"];
    const made = docker("run", "--detach", ...labels.flatMap((label) => ["--label", label]), image, ...sleeps);
    onTestFinished(() => void docker("rm", "--force", made));
    await shop.apply({ cache });
    expect(await shop.differences({ cache })).toEqual([]);
    expect(docker("inspect", "--format", "{{.State.Status}}", made)).toBe("running");
  });

  it("rejects a file that slipway did not write, before it begins (SEC-B4)", async () => {
    const shop = new Shop();
    writeFileSync(join(shop.directory, "compose.yaml"), "mine\n");
    await expect(shop.apply({ cache })).rejects.toThrow(
      `'${shop.directory}/compose.yaml' is there already and slipway did not write it (document 4.2)`,
    );
    expect(readFileSync(join(shop.directory, "compose.yaml"), "utf8")).toBe("mine\n");
    expect(shop.names()).toEqual([]);
  });

  it("are deleted with their networks and files, while volumes and everything else stay", async () => {
    const shop = new Shop();
    const data = `${shop.project}-data`;
    docker("volume", "create", data);
    onTestFinished(() => void docker("volume", "rm", data));
    shop.remember("volume", { volume: data, service: "cache", data: "files" }, `volume:${data}`);
    const stored = {
      fields: { volumes: [{ type: "volume", source: data, target: "/data" }] },
      facts: { volumes: { [data]: "files" } },
    };
    const external = { volumes: { [data]: { name: data, external: true } } };
    const text = { ...(JSON.parse(shop.composeText({ cache: stored })) as object), ...external };
    const more = { compose: Buffer.from(`${JSON.stringify(text)}\n`), files: { motd: file("hello\n") } };
    await shop.applyBody(shop.document({ cache: stored }, more));
    expect(existsSync(join(shop.directory, "motd"))).toBe(true);
    await shop.remove({ cache: stored });
    expect(shop.names()).toEqual([]);
    expect(docker("network", "ls", "--quiet", "--filter", `name=${network(shop)}`)).toBe("");
    expect(docker("volume", "ls", "--quiet", "--filter", `name=${data}`)).toBe(data);
    expect(readdirSync(shop.directory).filter((name) => name !== ".slipway")).toEqual([".env"]);
    expect(shop.server.said.at(-1)).toBe(`${shop.project}: keeps volume '${data}'`);
  });

  it("have their data remembered as soon as each is well, though another never is (SEC-B11)", async () => {
    const shop = new Shop();
    const data = `${shop.project}-data`;
    docker("volume", "create", data);
    onTestFinished(() => {
      shop.removeContainers();
      docker("volume", "rm", "--force", data);
    });
    shop.remember("volume", { volume: data, service: "database", data: "files" }, `volume:${data}`);
    const database = {
      command: ["sh", "-c", "echo one >/data/rows; exec sleep 600"],
      fields: { volumes: [`${data}:/data`] },
      facts: { volumes: { [data]: "files" } },
    };
    const healthcheck = { test: ["CMD", "false"], interval: "1s", start_period: "60s" };
    const ill = { command: ["sh", "-c", "sleep 4; exit 5"], fields: { restart: "no", healthcheck } };
    const volumes = { volumes: { [data]: { name: data, external: true } } };
    const text = { ...(JSON.parse(shop.composeText({ database, ill })) as object), ...volumes };
    const document = shop.document({ database, ill }, { compose: Buffer.from(`${JSON.stringify(text)}\n`) });
    await expect(shop.applyBody(document)).rejects.toThrow("'ill' is exited with exit code 5 (document 4.2)");
    docker("rm", "--force", shop.name("database"));
    docker("volume", "rm", data);
    docker("volume", "create", data);
    const started = shop.server.said.length;
    await expect(shop.applyBody(document)).rejects.toThrow(`volume '${data}'`);
    expect(shop.server.said.slice(started)).toEqual([]); // before anything is written or started (F45)
  });
});

describe("services that cannot start", () => {
  it("rejects a foreign container that has the name of ours, with its owner (F33)", async () => {
    const shop = new Shop();
    docker("run", "--detach", "--name", shop.name("queue"), image, ...sleeps);
    await expect(shop.apply({ cache, queue })).rejects.toThrow(
      `container '${shop.name("queue")}' (${image}) has the name of ours, and slipway did not make it; ` +
        "rename or remove it, then run `pulumi up` again",
    );
    expect(shop.names()).toEqual([shop.name("queue")]);
  });

  it("rejects one that ends, at once and with its last lines, without any value (F35, F111)", async () => {
    const shop = new Shop();
    shop.setEnv({ TOKEN: "canary-one", PIN: "a7" });
    const command = ["sh", "-c", "echo uses $$TOKEN; echo of $$OLD; echo pin a7 here; echo fine; exit 3"];
    const crash = { command, fields: { environment: { TOKEN: "${TOKEN}", OLD: "${TOKEN}-old" }, restart: "no" } };
    await expect(shop.apply({ queue, crash })).rejects.toThrow(
      "'crash' is exited with exit code 3 (document 4.2); fix it, then run `pulumi up` again",
    );
    const at = shop.server.said.indexOf(`${shop.project}: the last lines of 'crash':`);
    expect(shop.server.said.slice(at + 1)).toEqual(
      [
        "hides whole lines, since a secret has fewer than 4 characters; choose a longer one",
        "uses ***",
        "of ***",
        "***",
        "fine",
      ].map((line) => `${shop.project}: ${line}`),
    );
    expect(shop.server.said.join("\n")).not.toContain("canary");
    await shop.apply({ queue });
  });

  it("rejects a fault that Compose finds, with what it says, masked", async () => {
    const shop = new Shop();
    const broken = { fields: { image: "registry.test/canary-one:none" } };
    await expect(shop.apply({ broken })).rejects.toThrow(
      `cannot bring it up: Compose failed (document 4.2); fix it, then run \`pulumi up\` again`,
    );
    expect(shop.server.said.join("\n")).toMatch(/registry\.test\/\*\*\*:none/);
  });

  it("rejects at the verb's deadline, and ends Compose", async () => {
    const shop = new Shop();
    const slow = { fields: { healthcheck: { test: ["CMD", "false"], interval: "1s", retries: 1000 } } };
    const waits = { fields: { depends_on: { slow: { condition: "service_healthy" } } } };
    const late = shop.apply({ slow, waits }, { signal: AbortSignal.timeout(3000) });
    await expect(late).rejects.toThrow("and was ended (document 4.2)");
    expect(shop.inspect("waits", "{{.State.Status}}")).toBe("created");
  });
});

describe("Compose", () => {
  it("works on a project for one process at a time, also if the verb that started it is dead (F2)", async () => {
    const shop = new Shop();
    const slow = { fields: { healthcheck: { test: ["CMD", "false"], interval: "1s", retries: 1000 } } };
    const waits = { fields: { depends_on: { slow: { condition: "service_healthy" } } } };
    shop.replace("compose.yaml", shop.composeText({ slow, waits }));
    const end = new AbortController();
    const place = { project: shop.project, directory: shop.directory };
    const call = { place, words: ["up", "--detach"], seconds: 60, signal: end.signal, lock: join(shop.folder, "lock") };
    const first = runCompose(call);
    await expect.poll(() => shop.names(), { timeout: 20_000 }).toContain(shop.name("slow"));
    const second = await runCompose({ ...call, words: ["ps"], seconds: 5, signal: new AbortController().signal });
    expect(second).toEqual({ code: undefined, output: "another process works on this project" });
    end.abort();
    expect((await first).code).toBeUndefined();
    const third = await runCompose({ ...call, words: ["ps", "--quiet"], signal: new AbortController().signal });
    expect(third.code).toBe(0);
  });

  it("gets no variable of this process, and values of the env file alone", async () => {
    const shop = new Shop();
    shop.replace("compose.yaml", "services: { a: { image: x, command: '${TOKEN} ${SHOP_CANARY:-none} ${HOME}' } }\n");
    vi.stubEnv("SHOP_CANARY", "canary-process");
    vi.stubEnv("DOCKER_HOST", "unix:///nonexistent");
    const place = { project: shop.project, directory: shop.directory, env: shop.env };
    const signal = AbortSignal.timeout(60_000);
    const call = { place, words: ["config"], seconds: 60, signal, lock: join(shop.folder, "lock") };
    const { code, output } = await runCompose(call);
    vi.unstubAllEnvs();
    expect(code).toBe(0);
    expect(output).toMatch(/- canary-one\s+- none\s+- \/nonexistent/);
  });
});

function file(content: string) {
  return { mode: "0644", content: Buffer.from(content) };
}
