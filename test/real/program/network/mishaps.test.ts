import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Claims } from "../../../../host/claims/claims.ts";
import { Engine } from "../../../../host/docker/engine.ts";
import { networks } from "../../../../host/verbs/networks.ts";
import type { Work } from "../../../../host/work.ts";
import { bodySchemas } from "../../../../model/document/bodies.ts";
import type { Document, DocumentMap } from "../../../../model/document/document.ts";
import { parseNumber } from "../../../../model/document/number.ts";
import { writeDocument } from "../../../../model/document/writer.ts";
import { base } from "../../../hosts/image/images.ts";
import { recipeTag } from "../../../hosts/image/recipe.ts";
import { ensureImages } from "../../../hosts/image/store.ts";
import { series } from "../../series.ts";
import { composeOnPath } from "../compose/compose-on-path.ts";
import { killVerb } from "../compose/kill.ts";
import { Shop, type ShopServices } from "../compose/shop.ts";
import { docker } from "../docker.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
  return await composeOnPath();
});

/** Each test has a range of its own, since the engine of this machine is that of all tests. */
let ranges = 0;

/** Services in their own networks, of which one joins another network as well. */
class JoinedShop extends Shop {
  readonly calls = `${this.project}-calls`;
  readonly range = `10.${130 + (ranges += 1)}.0.0/24`;

  constructor() {
    super();
    const { places } = this.work();
    const nothing = { projects: {}, ports: {}, volumes: {}, networks: {}, containers: {}, subnets: {}, chosen: {} };
    new Claims(places).write(places.stack, { directory: this.directory, real: this.directory, ...nothing });
  }

  networksDocument(more: DocumentMap = {}): Document {
    const body = { range: this.range, networks: { [this.calls]: { prefix: "26", ...more } } };
    return { kind: "networks", resource: "staging-networks", body };
  }

  async applyNetworks(more: DocumentMap = {}, work: Partial<Work> = {}): Promise<void> {
    const { body } = this.networksDocument(more);
    const parsed = bodySchemas.networks.parse(body);
    await networks.apply(parsed, Object.assign(this.server.work("networks"), work));
    this.remember("networks", body, "networks");
  }

  async networkDifferences(): Promise<unknown[]> {
    return await networks.differences(bodySchemas.networks.parse(this.networksDocument().body), this.work());
  }

  joined(services: ShopServices): DocumentMap {
    return this.document(services, { joins: { cache: { [this.calls]: { aliases: "store", fixed: "true" } } } });
  }

  kill(document: Document, step: string): void {
    killVerb({ folder: this.folder, document: writeDocument(document, parseNumber("5.a")), step, secrets: {} });
  }

  network(format: string): string {
    return docker("network", "inspect", "--format", format, this.calls);
  }

  /** The subnets that no other stack gets. */
  get held(): Readonly<Record<string, string>> | undefined {
    const { places } = this.work();
    return new Claims(places).of(places.stack)?.chosen;
  }

  get address(): string {
    return this.inspect("cache", `{{(index .NetworkSettings.Networks "${this.calls}").IPAddress}}`);
  }

  async joinedDifferences(services: ShopServices): Promise<string[]> {
    return await this.differences(services, this.joined(services));
  }
}

const subnet = "{{(index .IPAM.Config 0).Subnet}}";

describe("the verb `networks` that was killed (F2)", () => {
  it.each(series(["before create", "after create"], ["before create"]))(
    "%s a network leaves it its subnet",
    async (step) => {
      const shop = new JoinedShop();
      shop.kill(shop.networksDocument(), step);
      const held = shop.held;
      expect(Object.values(held ?? {})).toEqual([shop.calls]);
      await shop.applyNetworks();
      expect(shop.held).toEqual(held);
      expect(Object.keys(held ?? {})).toEqual([shop.network(subnet)]);
      expect(await shop.networkDifferences()).toEqual([]);
    },
  );

  it.each(series(["before remove", "after remove"], ["after remove"]))(
    "%s of one that is made again leaves no service without it",
    async (step) => {
      const shop = new JoinedShop();
      const services = { cache: {}, queue: {} };
      await shop.applyNetworks();
      await shop.applyBody(shop.joined(services));
      const queue = shop.id("queue");
      const claim = { directory: shop.directory, projects: { [shop.project]: "shared" }, volumes: {} };
      shop.remember("claim", { ...claim, containers: {}, networks: {}, ports: {} }, "claim");
      shop.kill(shop.networksDocument({ internal: "true" }), step);
      await shop.applyNetworks({ internal: "true" });
      await shop.applyBody(shop.joined(services));
      expect(shop.network("{{.Internal}}")).toBe("true");
      expect(shop.address).toMatch(/\.2$/);
      expect(shop.id("queue")).toBe(queue);
      expect(await shop.joinedDifferences(services)).toEqual([]);
    },
  );
});

describe("the verb `compose` that was killed (F2)", () => {
  it.each(series(["before connect", "after connect"], ["before connect"]))(
    "%s leaves services that the next run connects and starts",
    async (step) => {
      const shop = new JoinedShop();
      const services = { cache: {}, queue: {} };
      await shop.applyNetworks();
      shop.kill({ kind: "compose", resource: "staging-shared", body: shop.joined(services) }, step);
      const ids = ["cache", "queue"].map((name) => shop.id(name));
      expect(shop.inspect("cache", "{{.State.Status}}")).toBe("created");
      await shop.applyBody(shop.joined(services));
      expect(["cache", "queue"].map((name) => shop.id(name))).toEqual(ids);
      expect(shop.address).toMatch(/\.2$/);
      expect(await shop.joinedDifferences(services)).toEqual([]);
    },
  );

  it.each(series(["before rename", "after rename"], ["after rename"]))(
    "%s of a replica leaves the names to the next run (E21)",
    async (step) => {
      const shop = new Shop();
      const stem = `named-${shop.project}`;
      const services = { web: { fields: { scale: 2, "x-slipway-name": stem } } };
      const document = { kind: "compose", resource: "staging-shared", body: shop.document(services) };
      const text = writeDocument(document, parseNumber("5.a"));
      killVerb({ folder: shop.folder, document: text, step, secrets: {} });
      const ids = (): string[] =>
        shop
          .names()
          .map((name) => docker("inspect", "--format", "{{.Id}}", name))
          .sort();
      const before = ids();
      await shop.apply(services);
      expect(shop.names()).toEqual([`${stem}-1`, `${stem}-2`]);
      expect(ids()).toEqual(before);
      expect(await shop.differences(services)).toEqual([]);
    },
  );
});

describe("somebody who works by hand at the same time", () => {
  it("removes a network before its services come: that is told, and the next run converges", async () => {
    const shop = new JoinedShop();
    const services = { cache: {} };
    await shop.applyNetworks();
    docker("network", "rm", shop.calls);
    await expect(shop.applyBody(shop.joined(services))).rejects.toThrow(
      `network '${shop.calls}' is gone (document 4.2); run \`pulumi up\` again`,
    );
    expect(shop.inspect("cache", "{{.State.Status}}")).toBe("created");
    expect(await shop.networkDifferences()).toMatchObject([{ found: "missing" }]);
    await shop.applyNetworks();
    await shop.applyBody(shop.joined(services));
    expect(await shop.joinedDifferences(services)).toEqual([]);
  });

  it("removes a container that is being connected: that is told by name, and the next run converges", async () => {
    const shop = new JoinedShop();
    const services = { cache: {} };
    await shop.applyNetworks();
    const engine = new (class extends Engine {
      override async connect(...words: Parameters<Engine["connect"]>): Promise<void> {
        docker("rm", "--force", shop.name("cache"));
        await super.connect(...words);
      }
    })();
    await expect(shop.applyBody(shop.joined(services), { engine })).rejects.toThrow(
      new RegExp(
        `^cannot connect '${shop.name("cache")}' to network '${shop.calls}' at .* \\(document 4\\.2\\): .*; see who`,
      ),
    );
    await shop.applyBody(shop.joined(services));
    expect(await shop.joinedDifferences(services)).toEqual([]);
  });

  it("removes a container of a network that is being made again, which ends all the same", async () => {
    const shop = new JoinedShop();
    await shop.applyNetworks();
    await shop.applyBody(shop.joined({ cache: {} }));
    const claim = { directory: shop.directory, projects: { [shop.project]: "shared" }, volumes: {} };
    shop.remember("claim", { ...claim, containers: {}, networks: {}, ports: {} }, "claim");
    const engine = new (class extends Engine {
      override async membersOf(network: string): Promise<string[]> {
        const members = await super.membersOf(network);
        docker("rm", "--force", shop.name("cache"));
        return members;
      }
    })();
    await shop.applyNetworks({ internal: "true" }, { engine });
    expect(shop.network("{{.Internal}}")).toBe("true");
  });

  it("takes the address of a service: that is told by name, and the next run converges", async () => {
    const shop = new JoinedShop();
    const services = { cache: {} };
    await shop.applyNetworks();
    const address = shop.network(subnet).replace(".0/26", ".2");
    const guest = `guest-of-${shop.project}`;
    const words = ["--network", shop.calls, "--ip", address, recipeTag(base), "sleep", "600"];
    docker("run", "--detach", "--name", guest, ...words);
    onTestFinished(() => void docker("rm", "--force", guest));
    await expect(shop.applyBody(shop.joined(services))).rejects.toThrow(
      `container '${guest}' has the address ${address} in network '${shop.calls}', which is for ` +
        `'${shop.name("cache")}' (document 4.2); run \`docker network disconnect ${shop.calls} ${guest}\`, ` +
        "then `pulumi up` again",
    );
    docker("rm", "--force", guest);
    await shop.applyBody(shop.joined(services));
    expect(shop.address).toBe(address);
    expect(await shop.joinedDifferences(services)).toEqual([]);
  });
});
