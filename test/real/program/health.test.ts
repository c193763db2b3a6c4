import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { examine } from "../../../host/attend/health.ts";
import { probe } from "../../../host/health/probe.ts";
import { DataMemories } from "../../../host/data/data-memory.ts";
import type { GuardWork } from "../../../host/data/guard.ts";
import { eventually } from "../../hosts/condition.ts";
import { base } from "../../hosts/image/images.ts";
import { ensureImages } from "../../hosts/image/store.ts";
import type { AppRelease } from "../../hosts/registry/app-release.ts";
import { fullSeries } from "../series.ts";
import { docker } from "./docker.ts";
import { ReleaseStack } from "./release/release-stack.ts";
import { Shop, type ShopService } from "./compose/shop.ts";

/** Not the version of another test: equal images are one image, and only one of two tests could remove it. */
const release = "health-1.0.0";
let stack: ReleaseStack;

beforeAll(async () => {
  await ensureImages([base], () => undefined);
  const opened = await ReleaseStack.open();
  ({ stack } = opened);
  return opened.close;
});

/** What an attending process answers and says about these objects. */
async function health(view: GuardWork, objects: readonly string[], said: string[] = []) {
  const say = (phase: string, message: string): void => void said.push(`${phase}: ${message}`);
  const signal = AbortSignal.timeout(60_000);
  const found = await examine({ view, objects, secrets: new Map(), say, signal });
  const ill = found.map(({ service, project, why }) => `${service} of ${project} ${why}`);
  return { ill, said };
}

describe("the health of shared services", () => {
  const shopHealth = (shop: Shop, said?: string[]) => health(shop.server.work(""), [`compose:${shop.project}`], said);
  const checked = (test: string) => ({ healthcheck: { test: ["CMD-SHELL", test], interval: "1s", retries: 1 } });

  it("names every service that is not well, with its masked last lines, and none that is (SEC-A5, F136)", async () => {
    const shop = new Shop();
    const command = ["sh", "-c", "echo hello $$TOKEN; touch /run/well; exec sleep 600"];
    const cache = { command, fields: { environment: { TOKEN: "${TOKEN}" }, ...checked("test -e /run/well") } };
    const facts = { deadline: "3" };
    await shop.apply({
      cache: { ...cache, facts },
      queue: { facts },
      job: { command: ["true"], fields: { restart: "no" } },
    });
    expect((await shopHealth(shop)).ill).toEqual([]);
    shop.exec("cache", "rm", "/run/well");
    docker("kill", shop.name("queue"));
    const isIll = () => Promise.resolve(shop.inspect("cache", "{{.State.Health.Status}}") === "unhealthy" || undefined);
    await eventually("Docker finds it unhealthy", 20, isIll);
    const { ill, said } = await shopHealth(shop);
    expect(ill).toEqual([
      `queue of ${shop.project} is exited with exit code 137`,
      `cache of ${shop.project} is unhealthy after 3 s`,
    ]);
    expect(said).toContain(`${shop.project}: the last lines of 'cache':`);
    expect(said).toContain(`${shop.project}: hello ***`);
    expect(said.join("\n")).not.toContain("canary");
  });

  it("is waited for while a service still starts, as long as its document says (SEC-A5, F136)", async () => {
    const shop = new Shop();
    const command = ["sh", "-c", "[ -e /var/slow ] || touch /var/well; exec sleep 600"];
    const slow = { command, fields: { ...checked("test -e /var/well"), init: true } };
    await shop.apply({ slow });
    shop.exec("slow", "mv", "/var/well", "/var/slow");
    docker("restart", "--time", "0", shop.name("slow"));
    const said: string[] = [];
    const waiting = shopHealth(shop, said);
    await eventually("it waits", 20, () => Promise.resolve(said.length > 0 || undefined));
    shop.exec("slow", "touch", "/var/well");
    expect(await waiting).toEqual({ ill: [], said: [expect.stringMatching(/^health: waits/)] });
  });

  it.runIf(fullSeries)("names one that restarts again and again (SEC-A5, F136)", async () => {
    const shop = new Shop();
    const command = ["sh", "-c", "echo begins; if [ -e /var/ill ]; then sleep 1; exit 3; fi; exec sleep 600"];
    await shop.apply({ queue: { command } });
    shop.exec("queue", "touch", "/var/ill");
    docker("restart", "--time", "0", shop.name("queue"));
    const { ill, said } = await shopHealth(shop);
    expect(ill).toEqual([
      expect.stringMatching(`^queue of ${shop.project} (restarts|is restarting with exit code 3)$`),
    ]);
    expect(said).toContain(`${shop.project}: begins`);
  });

  it("lets the server remember what each one that is well wrote since its start (F137)", async () => {
    const shop = new Shop();
    const folder = (service: string): string => join(shop.folder, `${service}-data`);
    const services = Object.fromEntries(
      ["cache", "queue"].map((service): [string, ShopService] => {
        mkdirSync(folder(service));
        const body = { volume: folder(service), service, data: "files" };
        shop.remember("volume", body, `volume:${body.volume}`);
        const volumes = [`${folder(service)}:/data`];
        return [service, { fields: { volumes }, facts: { deadline: "3", volumes: { [folder(service)]: "files" } } }];
      }),
    );
    await shop.apply(services);
    const memories = new DataMemories(shop.server.work("").places);
    const isEmpty = () => ["cache", "queue"].map((service) => memories.of("shop/staging", folder(service))?.empty);
    expect(isEmpty()).toEqual([true, true]);
    shop.exec("cache", "touch", "/data/rows");
    shop.exec("queue", "touch", "/data/rows");
    docker("kill", shop.name("queue"));
    expect((await shopHealth(shop)).ill).toEqual([`queue of ${shop.project} is exited with exit code 137`]);
    expect(isEmpty()).toEqual([false, true]);
    rmSync(join(folder("cache"), "rows"));
    expect((await shopHealth(shop)).said).toContainEqual(
      expect.stringMatching(/^volume: does not remember what 'cache' wrote: folder .* is empty, but held data/),
    );
    expect(isEmpty()).toEqual([false, true]);
  });

  it("is not asked of objects that a run does not declare: it may be about to remove them", async () => {
    const shop = new Shop();
    await shop.apply({ queue: {} });
    docker("kill", shop.name("queue"));
    expect((await health(shop.server.work(""), ["rollout"])).ill).toEqual([]);
  });
});

describe("the health of the release that serves", () => {
  const name = (service: string, number?: number): string =>
    `${stack.project}-${service}-blue${number === undefined ? "" : `-${number}`}`;
  const releaseHealth = () => health(stack.view(), ["rollout"]);

  /** Starts a container again with other faults, as an application breaks that nobody changed. */
  function become(container: string, faults: Omit<AppRelease, "version">): void {
    const folder = mkdtempSync(join(tmpdir(), "slipway-health-"));
    writeFileSync(join(folder, "release.json"), JSON.stringify({ version: release, ...faults }), { mode: 0o644 });
    docker("cp", join(folder, "release.json"), `${container}:/release.json`);
    rmSync(folder, { recursive: true });
    docker("restart", "--time", "0", container);
  }

  it("is well at once where every replica and every entry point answers", async () => {
    expect((await stack.up({ version: release }, { boot: 6 })).error).toBe("");
    await releaseHealth();
    expect(await releaseHealth()).toEqual({ ill: [], said: [] });
  });

  it("is waited for while a replica still starts (SEC-A5, F136)", async () => {
    become(name("api", 2), { bootDelay: "3s" });
    const addresses = docker(
      "inspect",
      "--format",
      "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}",
      name("api", 2),
    );
    const [address = ""] = addresses.split(" ");
    const asked = { address, port: 8080, path: "/health" };
    expect((await probe(asked)).good).toBe(false);
    expect((await releaseHealth()).ill).toEqual([]);
    expect((await probe(asked)).good).toBe(true);
  });

  it("names a service of which one replica answers badly, with its log (SEC-A5, F136)", async () => {
    become(name("api", 2), { unhealthy: true });
    const { ill, said } = await releaseHealth();
    expect(ill).toEqual([
      `api of ${stack.project}-blue was not healthy within 6 s: it answered 503, and no answer was good`,
    ]);
    expect(said).toContain(`${stack.project}-blue: the last lines of 'api-blue':`);
    become(name("api", 2), {});
    expect((await releaseHealth()).ill).toEqual([]);
  });

  it.runIf(fullSeries)(
    "names a service that restarts, and one that does not run, together (SEC-A5, F136)",
    async () => {
      become(name("web"), { crashAfter: "200ms" });
      docker("kill", name("worker"));
      const { ill } = await releaseHealth();
      expect(ill.sort()).toEqual([
        expect.stringMatching(`^web of ${stack.project}-blue (restarts|is restarting with exit code 1)$`),
        `worker of ${stack.project}-blue is exited with exit code 137`,
      ]);
      docker("start", name("worker"));
      become(name("web"), {});
      expect((await releaseHealth()).ill).toEqual([]);
    },
  );

  it("names each service that the proxy does not reach (SEC-A5, F136)", async () => {
    const proxy = `${stack.project}-slipway-proxy`;
    docker("stop", "--time", "1", proxy);
    const { ill } = await releaseHealth();
    docker("start", proxy);
    expect(ill.sort()).toEqual([
      expect.stringMatching(
        /^api of .*-blue answered connect ECONNREFUSED .* through the proxy \(published-api-8080\)$/,
      ),
      expect.stringMatching(
        /^web of .*-blue answered connect ECONNREFUSED .* through the proxy \(published-web-8080\)$/,
      ),
    ]);
    expect((await releaseHealth()).ill).toEqual([]);
  });

  it("is not known where no colour serves", async () => {
    rmSync(join(stack.directory, "slipway-proxy/dynamic/routes.yaml"));
    stack.view().state.forgetMemory("colours");
    docker(
      "rm",
      "--force",
      ...stack.sight.containers("blue").map((line) => `${stack.project}-${line.replace(/ .*/, "")}`),
    );
    expect((await releaseHealth()).ill).toEqual([`release of ${stack.project} has no colour that serves`]);
  });
});
