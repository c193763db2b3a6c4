import { beforeAll, describe, expect, it } from "vitest";
import { Claims } from "../../../../host/claims/claims.ts";
import { Engine } from "../../../../host/docker/engine.ts";
import { runVerb } from "../../../../host/verbs/run-verb.ts";
import { networks } from "../../../../host/verbs/networks.ts";
import { parseNumber } from "../../../../model/document/number.ts";
import { writeDocument } from "../../../../model/document/writer.ts";
import { messageOf } from "../../../../model/problem.ts";
import { smallDisk, stackOnSmallDisk } from "../../../host/small-disk.ts";
import { base } from "../../../hosts/image/images.ts";
import { ensureImages } from "../../../hosts/image/store.ts";
import { fullSeries } from "../../series.ts";
import { composeOnPath } from "../compose/compose-on-path.ts";
import { Shop } from "../compose/shop.ts";
import { docker } from "../docker.ts";
import { inspect, leaves, removeNetwork } from "./network.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
  return await composeOnPath();
});

const subnet = "{{(index .IPAM.Config 0).Subnet}}";

describe("a disk that is full at any write of the memory of networks", () => {
  it("ends the verb with its document, and leaves subnets that the next run knows (F14)", async () => {
    const { places, leave, free } = await stackOnSmallDisk();
    const claims = new Claims(places);
    const nothing = { projects: {}, ports: {}, volumes: {}, networks: {}, containers: {}, subnets: {}, chosen: {} };
    // The claim needs two pages, and the document more: each is written where the one before it still has room.
    const containers = { ["c".repeat(5000)]: "api" };
    claims.write(places.stack, { directory: "/srv/shop", real: "/srv/shop", ...nothing, containers });
    const labels = { note: "x".repeat(4000) };
    const stays = `slipway-disk-${process.pid}`;
    const others = ["-a", "-b"].map((end) => stays + end);
    leaves(stays, ...others);
    let order = 0;
    const apply = async (other: string): Promise<string> => {
      order += 1;
      const network = { prefix: "26", labels };
      const wanted = { range: "10.125.0.0/16", networks: { [stays]: network, [other]: network } };
      const document = { kind: "networks", resource: "staging-networks", body: wanted };
      const text = writeDocument(document, parseNumber(`${order}.a`));
      const task = { action: "apply", places, engine: new Engine(), text, say: () => undefined } as const;
      return await runVerb(networks, task).then(() => "applied", messageOf);
    };
    const failures = new Set<string>();
    for (const [turn, pages] of [0, 0, 1, 2, 3, 4].entries()) {
      const other = others[turn % 2] ?? "";
      removeNetwork(stays);
      leave(pages);
      const end = await apply(other);
      if (end !== "applied") {
        const named = `document ${order}.a of staging-networks`;
        expect(end).toMatch(new RegExp(`^cannot write '.*': ENOSPC.* \\(${named}\\); look for a full disk`));
        failures.add(/(journal|memory|claims|applied)/.exec(end)?.[0] ?? end);
      }
      free();
      expect(await apply(other), end).toBe("applied");
      const chosen = Object.fromEntries([stays, other].map((name) => [inspect(name, subnet), name]));
      expect(claims.of(places.stack)?.chosen).toEqual(chosen);
      expect(docker("network", "ls", "--quiet", "--filter", `name=${stays}`).split("\n")).toHaveLength(2);
    }
    expect([...failures]).toEqual(["journal", "memory", "claims", "applied"]);
  });
});

describe("a disk that is full at any write of a project's memory", () => {
  it("leaves services that the next run neither makes again nor forgets (F14)", async () => {
    const shop = new Shop();
    const { leave, free } = smallDisk(`${shop.folder}/state`);
    shop.remember("directory", { path: shop.directory, owner: "root", mode: "0755" }, `directory:${shop.directory}`);
    const ends = new Set<string>();
    for (const pages of fullSeries ? [0, 1, 2, 3, 4, 5, 6] : [1, 3]) {
      const services = { cache: { fields: { environment: { LEVEL: String(pages) } } }, queue: {} };
      leave(pages);
      const end = await shop.apply(services).then(() => "applied", messageOf);
      ends.add(end.replaceAll(/[0-9]+/g, "N"));
      const made = shop.names().length === 2 && shop.exec("cache", "printenv", "LEVEL") === String(pages);
      const ids = made ? [shop.id("cache"), shop.id("queue")] : [];
      free();
      await shop.apply(services);
      expect(await shop.differences(services), end).toEqual([]);
      if (made) expect([shop.id("cache"), shop.id("queue")], end).toEqual(ids);
    }
    expect([...ends].filter((end) => end !== "applied" && !end.includes("ENOSPC"))).toEqual([]);
    expect(ends.size).toBeGreaterThan(1);
  });
});
