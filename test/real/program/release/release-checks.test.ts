import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Engine } from "../../../../host/docker/engine.ts";
import type { CheckedService, Checks } from "../../../../host/checks/checks.ts";
import { passGate } from "../../../../host/checks/gate.ts";
import { watchRelease } from "../../../../host/checks/watch.ts";
import { Progress } from "../../../../host/progress.ts";
import { base, grafana } from "../../../hosts/image/images.ts";
import { recipeTag, type ImageRecipe } from "../../../hosts/image/recipe.ts";
import { ensureImages } from "../../../hosts/image/store.ts";
import { docker, madeByCompose } from "../docker.ts";

const engine = new Engine();
let projects = 0;

beforeAll(async () => await ensureImages([base, grafana], () => undefined));

function idOf(recipe: ImageRecipe): string {
  return docker("image", "inspect", "--format", "{{.Id}}", recipeTag(recipe));
}

const well = "mkdir /srv/www && touch /srv/www/health && exec busybox httpd -f -p 8080 -h /srv/www";
const ill = "mkdir /srv/www && exec busybox httpd -f -p 8080 -h /srv/www";

/** A colour of a release, of containers that a test starts one by one. */
class Colour {
  readonly project = `slipway-checks-${process.pid}-${(projects += 1)}`;

  constructor() {
    onTestFinished(() => {
      const ids = docker("ps", "--all", "--quiet", "--filter", `label=com.docker.compose.project=${this.project}`);
      if (ids !== "") docker("rm", "--force", ...ids.split("\n"));
    });
  }

  run(service: string, command: string, ...options: string[]): string {
    const labels = [
      `com.docker.compose.project=${this.project}`,
      `com.docker.compose.service=${service}-blue`,
      madeByCompose(recipeTag(base)),
    ];
    const words = labels.flatMap((label) => ["--label", label]);
    return docker("run", "--detach", "--init", ...words, ...options, recipeTag(base), "sh", "-c", command);
  }

  async gate(services: Checks["services"], live = false): Promise<void> {
    const signal = AbortSignal.timeout(30_000);
    await passGate({ engine, project: this.project, colour: "blue", services, live, signal, progress: new Progress() });
  }

  async watch(checks: Pick<Checks, "entryPoints" | "services">, seconds = 0.6): Promise<void> {
    const place = { directory: "/nonexistent", project: this.project };
    const own = { engine, place, project: this.project, release: "1.0.0 ä", checks: { ...checks, watch: seconds } };
    await watchRelease({ ...own, seconds, signal: AbortSignal.timeout(30_000), progress: new Progress() });
  }
}

const gate = { answers: 3, seconds: 0.3, interval: 0.05 };

function api(also: Partial<CheckedService> = {}): CheckedService {
  return { image: idOf(base), deadline: 3, port: 8080, health: { path: "/health" }, gate, ...also };
}

describe("the gate", () => {
  it("passes a colour of which every replica of every service is well", async () => {
    const colour = new Colour();
    for (const service of ["api", "api", "web"]) colour.run(service, well);
    colour.run("worker", "sleep 60");
    await colour.gate({ api: api(), web: api({ health: undefined }), worker: api({ port: undefined }) });
  });

  it("rejects one ill replica among well ones (F140)", async () => {
    const colour = new Colour();
    colour.run("api", well);
    colour.run("api", ill);
    colour.run("api", well);
    await expect(colour.gate({ api: api({ deadline: 1 }) })).rejects.toThrow(
      "'api' was not healthy within 1 s: it answered 404, and no answer was good",
    );
  });

  it("rejects one without a health check whose port does not open (F36)", async () => {
    const colour = new Colour();
    colour.run("web", "sleep 60");
    await expect(colour.gate({ web: api({ health: undefined, deadline: 1 }) })).rejects.toThrow(
      /'web' was not healthy within 1 s: it answered .*, and no answer was good/,
    );
  });

  it("rejects a replica that dies while another one still starts (F39)", async () => {
    const colour = new Colour();
    colour.run("api", `(sleep 1; kill 1) & ${well}`);
    colour.run("api", `sleep 4; ${well}`);
    await expect(colour.gate({ api: api({ deadline: 20 }) })).rejects.toThrow(/'api' is exited with exit code/);
  });

  it("rejects one that restarts, however well it answers then (F35)", async () => {
    const colour = new Colour();
    colour.run("api", `(sleep 0.5; kill 1) & ${well}`, "--restart", "always");
    await expect(colour.gate({ api: api({ deadline: 20, gate: { ...gate, seconds: 3 } }) })).rejects.toThrow(
      /'api' (restarts|is restarting)/,
    );
  });

  it("rejects another image than the document's, and one that is not there (F38)", async () => {
    const colour = new Colour();
    colour.run("api", well);
    const other = recipeTag(grafana);
    await expect(colour.gate({ api: api({ image: other }) })).rejects.toThrow(
      `'api' runs '${recipeTag(base)}' instead of '${other}'`,
    );
    await expect(colour.gate({ api: api({ image: "slipway-test/none:1" }) })).rejects.toThrow("is not on this server");
    await expect(colour.gate({ web: api() })).rejects.toThrow("'web' has no container");
  });

  it("takes a container that serves as it is, also if it restarted before", async () => {
    const colour = new Colour();
    const id = colour.run("api", `test -e /tmp/again || { touch /tmp/again; exit 1; }; ${well}`, "--restart", "always");
    const seen = (): string => docker("inspect", "--format", "{{.RestartCount}} {{.State.Status}}", id);
    await expect.poll(seen, { timeout: 20_000 }).toBe("1 running");
    await colour.gate({ api: api({ deadline: 10 }) }, true);
    await expect(colour.gate({ api: api({ deadline: 10 }) })).rejects.toThrow("'api' restarts");
  });
});

/** A server that answers as the proxy's published port does. */
async function proxy(answer: RequestListener): Promise<Checks["entryPoints"][string]> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { service: "api", speaks: "http", address: "0.0.0.0", port: (server.address() as AddressInfo).port };
}

const named = { "x-slipway-release": Buffer.from("1.0.0 ä").toString("latin1") };

function running(): Colour {
  const colour = new Colour();
  colour.run("api", "sleep 60");
  return colour;
}

describe("the watch", () => {
  it("asks each entry point again and again for the path of the health check", async () => {
    const asked: IncomingMessage[] = [];
    const entry = await proxy((request, response) => {
      asked.push(request);
      response.writeHead(200, named).end();
    });
    await running().watch({ entryPoints: { one: entry }, services: { api: api() } }, 4);
    expect(asked.length).toBeGreaterThan(1);
    expect([...new Set(asked.map(({ url }) => url))]).toEqual(["/health"]);
  });

  it.each([
    ["an error of the service", 500, named],
    ["a redirection (SEC-B3)", 302, named],
    ["the proxy's own error", 502, {}],
    ["the answer of another release", 200, { "x-slipway-release": "0.9.0" }],
  ])("rejects %s", async (_what, status, headers) => {
    const entry = await proxy((_, response) => response.writeHead(status, headers).end());
    const watched = running().watch({ entryPoints: { "published-api": entry }, services: { api: api() } });
    await expect(watched).rejects.toThrow(`'api' answered ${status} through the proxy (published-api)`);
  });

  it("takes any answer of a service without a path, but none of the proxy for it", async () => {
    let status = 404;
    const entry = await proxy((_, response) => response.writeHead(status, named).end());
    const checks = { entryPoints: { one: entry }, services: { api: api({ health: undefined }) } };
    await running().watch(checks);
    status = 503;
    await expect(running().watch(checks)).rejects.toThrow("'api' answered 503 through the proxy (one)");
  });

  it("asks again at once after one bad answer, and forgives it", async () => {
    let count = 0;
    const entry = await proxy((_, response) => response.writeHead((count += 1) === 1 ? 500 : 200, named).end());
    await running().watch({ entryPoints: { one: entry }, services: { api: api() } });
    expect(count).toBeGreaterThan(2);
  });

  it("rejects an entry point of a proxy that does not run (F55)", async () => {
    const watched = running().watch({
      entryPoints: { one: { service: "api", speaks: "http", port: 80 } },
      services: { api: api() },
    });
    await expect(watched).rejects.toThrow("'api' answered nothing: the proxy does not run (one)");
  });

  it("rejects a container that becomes unhealthy, ends or is removed meanwhile (E18)", async () => {
    const unhealthy = new Colour();
    const check = ["--health-cmd", "test ! -e /tmp/ill", "--health-interval", "1s", "--health-retries", "1"];
    const id = unhealthy.run("worker", "sleep 2; touch /tmp/ill; sleep 60", ...check);
    await expect(unhealthy.watch({ entryPoints: {}, services: {} }, 20)).rejects.toThrow(/is unhealthy$/);
    const ended = running();
    const watched = ended.watch({ entryPoints: {}, services: {} }, 20);
    docker("rm", "--force", id);
    docker("kill", ...docker("ps", "-q", "--filter", `label=com.docker.compose.project=${ended.project}`).split("\n"));
    await expect(watched).rejects.toThrow(/is exited with exit code 137$/);
    await expect(new Colour().watch({ entryPoints: {}, services: {} })).rejects.toThrow("has no containers");
  });

  it("rejects a container that was never started", async () => {
    const colour = new Colour();
    const labels = [`com.docker.compose.project=${colour.project}`, madeByCompose(recipeTag(base))];
    docker("create", ...labels.flatMap((label) => ["--label", label]), recipeTag(base), "true");
    await expect(colour.watch({ entryPoints: {}, services: {} })).rejects.toThrow(/was not started$/);
  });
});
