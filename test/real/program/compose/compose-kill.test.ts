import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseNumber } from "../../../../model/document/number.ts";
import { writeDocument } from "../../../../model/document/writer.ts";
import { base } from "../../../hosts/image/images.ts";
import { ensureImages } from "../../../hosts/image/store.ts";
import { series } from "../../series.ts";
import { composeOnPath } from "./compose-on-path.ts";
import { killVerb } from "./kill.ts";
import { Shop, type ShopServices } from "./shop.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
  return await composeOnPath();
});

/** Services before and after a change: one goes, one comes, one has another value, one a file that was rewritten. */
function change(shop: Shop): { readonly before: ShopServices; readonly after: ShopServices } {
  mkdirSync(join(shop.directory, "conf"));
  writeFileSync(join(shop.directory, "conf", "rules"), "first\n");
  const reader = (written: string) => ({
    fields: { volumes: [`${join(shop.directory, "conf")}:/etc/conf`] },
    facts: { mounts: { "/etc/conf": written } },
  });
  const cache = (level: string) => ({ fields: { environment: { LEVEL: level } } });
  return {
    before: { cache: cache("info"), reader: reader("1.a"), gone: {} },
    after: { cache: cache("debug"), reader: reader("2.a"), come: {} },
  };
}

const steps = ["deliver", "clear", "up", "wait", "refresh"];

describe("a compose verb that was killed (F2)", () => {
  it.each(series(steps, ["clear"]))("at step '%s' is brought to its end by the next run", async (step) => {
    const shop = new Shop();
    const { before, after } = change(shop);
    await shop.apply(before);
    const started = shop.inspect("reader", "{{.State.StartedAt}}");
    const body = shop.document(after);
    const document = writeDocument({ kind: "compose", resource: "staging-shared", body }, parseNumber("5.a"));
    killVerb({ folder: shop.folder, document, step, secrets: {} });
    const made = shop.id("cache");
    await shop.apply(after);
    // What the killed run has made is not made once more.
    if (["wait", "refresh"].includes(step)) expect(shop.id("cache")).toBe(made);
    expect(shop.names()).toEqual(["cache", "come", "reader"].map((service) => shop.name(service)));
    expect(shop.exec("cache", "printenv", "LEVEL")).toBe("debug");
    expect(shop.inspect("reader", "{{.State.StartedAt}}")).not.toBe(started);
    expect(await shop.differences(after)).toEqual([]);
  });

  it("at its first start leaves nothing that hinders the next run", async () => {
    const shop = new Shop();
    const services = { cache: {}, queue: {} };
    const body = shop.document(services);
    const document = writeDocument({ kind: "compose", resource: "staging-shared", body }, parseNumber("5.a"));
    killVerb({ folder: shop.folder, document, step: "wait", secrets: {} });
    const id = shop.id("cache");
    await shop.apply(services);
    expect(shop.id("cache")).toBe(id);
    expect(await shop.differences(services)).toEqual([]);
  });

  it("while a job is at work lets it end once, and starts none again", async () => {
    const shop = new Shop();
    const runs = join(shop.directory, "runs");
    const go = join(shop.directory, "go");
    const command = ["sh", "-c", `echo ran >>${runs}; until [ -e ${go} ]; do sleep 0.05; done`];
    const volumes = [`${shop.directory}:${shop.directory}`];
    const setup: ShopServices[string] = {
      command,
      fields: { restart: "no", volumes },
      facts: { job: "ends", deadline: "60" },
    };
    const services = { setup, cache: {} };
    const document = { kind: "compose", resource: "staging-shared", body: shop.document(services) };
    const text = writeDocument(document, parseNumber("5.a"));
    killVerb({ folder: shop.folder, document: text, step: "wait", secrets: {} });
    expect(shop.inspect("setup", "{{.State.Status}}")).toBe("running");
    const next = shop.apply(services);
    writeFileSync(go, "");
    await next;
    expect(readFileSync(runs, "utf8")).toBe("ran\n");
    expect(await shop.differences(services)).toEqual([]);
    await shop.apply(services);
    expect(readFileSync(runs, "utf8")).toBe("ran\n");
  });
});
