import { beforeAll, describe, expect, it } from "vitest";
import { base } from "../../../hosts/image/images.ts";
import { ensureImages } from "../../../hosts/image/store.ts";
import { debianCompose } from "../../../../toolchain/tools/debian-compose.ts";
import { dockerCompose } from "../../../../toolchain/tools/docker-compose.ts";
import { series } from "../../series.ts";
import { composeOnPath } from "./compose-on-path.ts";
import { Shop, type ShopService, type ShopServices } from "./shop.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
  return await composeOnPath();
});

/** A job that others wait for. */
function job(command: string, fields: ShopService["fields"] = { restart: "no" }): ShopService {
  return { command: ["sh", "-c", command], fields, facts: { job: "ends" } };
}

/** A service that waits for the end of a job. */
function after(needed: string, fields: ShopService["fields"] = {}): ShopService {
  return { fields: { depends_on: { [needed]: { condition: "service_completed_successfully" } }, ...fields } };
}

/** When the container of a service started last. */
const startOf = (shop: Shop, service: string): string => shop.inspect(service, "{{.State.StartedAt}}");

describe.each(series([debianCompose, dockerCompose], [debianCompose]))(
  "jobs of shared services with Compose $version",
  (tool) => {
    beforeAll(() => composeOnPath(tool));

    it("run once; what others change starts none, and no wait is left behind", async () => {
      const shop = new Shop();
      const services = { setup: job("exit 0"), web: after("setup"), free: {} };
      await shop.apply(services);
      const [started, web] = [startOf(shop, "setup"), shop.id("web")];
      expect(await shop.differences(services)).toEqual([]);
      await shop.apply({ ...services, free: { fields: { environment: { MODE: "2" } } } });
      expect([startOf(shop, "setup"), shop.id("web")]).toEqual([started, web]);
    });

    it("run again when they change, or when somebody who waits for their end is made again", async () => {
      const shop = new Shop();
      const services = { first: job("exit 0"), setup: { ...job("exit 0"), ...after("first", { restart: "no" }) } };
      const all: ShopServices = { ...services, web: after("setup"), other: job("exit 0") };
      await shop.apply(all);
      const starts = () => ["first", "setup", "other"].map((name) => startOf(shop, name));
      const before = starts();
      await shop.apply({ ...all, web: after("setup", { environment: { MODE: "2" } }) });
      const again = starts();
      expect(again.map((time, index) => time !== before[index])).toEqual([true, true, false]);
      await shop.apply({
        ...all,
        other: job("exit 0; # changed"),
        web: after("setup", { environment: { MODE: "2" } }),
      });
      expect(starts().map((time, index) => time !== again[index])).toEqual([false, false, true]);
    });
  },
);

describe("a job of shared services", () => {
  it("that fails ends the run with its name, exit code and logs, and those who wait for it never start", async () => {
    const shop = new Shop();
    const run = shop.apply({ setup: job("echo no such table; exit 3"), web: after("setup") });
    await expect(run).rejects.toThrow("cannot bring it up: 'setup' ended with exit code 3 (document 4.2)");
    expect(shop.server.said.join("\n")).toContain("no such table");
    expect(shop.inspect("web", "{{.State.Status}}")).toBe("created");
  });

  it("that nobody waits for is waited for until its end, and fails the run as well", async () => {
    const shop = new Shop();
    await shop.apply({ setup: job("sleep 3") });
    expect(shop.inspect("setup", "{{.State.Status}}")).toBe("exited");
    await expect(shop.apply({ setup: job("sleep 3; exit 4") })).rejects.toThrow("'setup' ended with exit code 4");
  });

  it("that the file starts again after a failure has its time for that", async () => {
    const shop = new Shop();
    const retried = job("test -e /tmp/tried || { touch /tmp/tried; exit 1; }", { restart: "on-failure" });
    await shop.apply({ setup: retried, web: after("setup") });
    expect(shop.inspect("setup", "{{.State.ExitCode}} {{.RestartCount}}")).toBe("0 1");
  });

  it("that does not end in its time fails the run", async () => {
    const shop = new Shop();
    const endless = { ...job("sleep 600"), facts: { job: "ends", deadline: "1" } };
    await expect(shop.apply({ setup: endless })).rejects.toThrow("'setup' has not ended after 1 s");
  });

  it("may run on where it is only never restarted", async () => {
    const shop = new Shop();
    await shop.apply({ web: { fields: { restart: "no" }, facts: { job: "may end" } } });
    expect(shop.inspect("web", "{{.State.Status}}")).toBe("running");
  });
});

describe("the two documents of one project", () => {
  const before = { db: {}, setup: job("exit 0") };
  const later = { nginx: {}, seed: job("exit 0") };
  const besideBefore = { beside: { nginx: "after", seed: "after" } };
  const besideLater = { after: "release", beside: { db: "before", setup: "before" } };

  async function both(shop: Shop): Promise<void> {
    await shop.applyBody(shop.document(before, besideBefore));
    await shop.applyBody(shop.document(later, besideLater));
  }

  const ids = (shop: Shop) => ["db", "setup", "nginx", "seed"].map((service) => shop.id(service));

  it("start their own services alone, and neither finds anything amiss in those of the other", async () => {
    const shop = new Shop();
    await shop.applyBody(shop.document(before, besideBefore));
    expect(shop.names()).toEqual([shop.name("db"), shop.name("setup")]);
    await shop.applyBody(shop.document(later, besideLater));
    const made = ids(shop);
    expect(await shop.differences(before, besideBefore)).toEqual([]);
    expect(await shop.differences(later, besideLater)).toEqual([]);
    const changed = { ...before, db: { fields: { environment: { MODE: "2" } } } };
    await shop.applyBody(shop.document(changed, besideBefore));
    expect(ids(shop).map((id, index) => id === made[index])).toEqual([false, true, true, true]);
  });

  it("remove what neither names, and leave each other's services when they are removed", async () => {
    const shop = new Shop();
    await both(shop);
    await shop.applyBody(shop.document({ nginx: {} }, { ...besideLater, beside: { db: "before", setup: "before" } }));
    await shop.applyBody(shop.document(before, { beside: { nginx: "after" } }));
    expect(shop.names()).toEqual([shop.name("db"), shop.name("nginx"), shop.name("setup")]);
    await shop.remove({ nginx: {} }, besideLater);
    expect(shop.names()).toEqual([shop.name("db"), shop.name("setup")]);
  });

  it("keep the container of a service that moves from one to the other", async () => {
    const shop = new Shop();
    await both(shop);
    const made = ids(shop);
    await shop.applyBody(
      shop.document({ setup: before.setup }, { beside: { db: "after", nginx: "after", seed: "after" } }),
    );
    await shop.applyBody(shop.document({ ...later, db: {} }, { after: "release", beside: { setup: "before" } }));
    expect(ids(shop)).toEqual(made);
    await both(shop);
    expect(ids(shop)).toEqual(made);
    expect([
      ...(await shop.differences(before, besideBefore)),
      ...(await shop.differences(later, besideLater)),
    ]).toEqual([]);
  });

  it("keep a service when the document that started it is removed, since the other one has it now", async () => {
    const shop = new Shop();
    await shop.applyBody(shop.document({ db: {} }));
    const made = shop.id("db");
    await shop.applyBody(shop.document({ db: {} }, { after: "release" }));
    await shop.remove({ db: {} });
    expect(shop.id("db")).toBe(made);
  });
});

describe("the project of a run that failed", () => {
  it("differs from what was applied before, until a run ends well", async () => {
    const shop = new Shop();
    await shop.apply({ cache: {} });
    await expect(shop.apply({ cache: { command: ["false"] } })).rejects.toThrow("'cache'");
    expect(await shop.differences({ cache: {} })).toEqual([
      `${shop.project}: as it was applied => left by document 4.2, which failed`,
    ]);
    await shop.apply({ cache: {} });
    expect(await shop.differences({ cache: {} })).toEqual([]);
    expect(shop.inspect("cache", "{{.State.Status}}")).toBe("running");
  });
});
