import { listOf, mapOf, textOf, type Json, type JsonMap } from "../../json.ts";
import { readBoolean } from "../boolean.ts";
import { resolveText, type ReaderContext } from "../context.ts";
import type { Definitions, Resource } from "../project/definitions.ts";
import type { AddressRange, Network } from "./network.ts";

/** The name of a network, as the engine takes it. */
const networkName = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** The networks that each engine has by itself. */
const engineNetworks = ["host", "none", "bridge"];

/** Reads the networks that services join, by their names in the file. `default` need not be written there. */
export function readNetworks(
  context: ReaderContext,
  project: Definitions,
  joined: ReadonlySet<string>,
): Readonly<Record<string, Network>> {
  for (const name of project.networks.keys()) {
    if (!joined.has(name)) context.notes.push(`networks.${name}: is not made, since no service joins it`);
  }
  const networks = [...joined].sort().map((name): [string, Network] => {
    const resource = project.networks.get(name);
    return [name, resource === undefined ? {} : readNetwork(context, name, resource)];
  });
  return Object.fromEntries(networks);
}

function readNetwork(context: ReaderContext, key: string, resource: Resource): Network {
  const reader = new NetworkReader(context, key, resource);
  return reader.isExternal ? reader.external() : reader.own();
}

/** Reads the fields of one network, and reports those that cannot be as they are. */
class NetworkReader {
  readonly #context: ReaderContext;
  readonly #key: string;
  readonly #place: string;
  readonly #value: JsonMap;

  constructor(context: ReaderContext, key: string, { value, place }: Resource) {
    this.#context = context;
    this.#key = key;
    this.#place = place;
    this.#value = value;
  }

  get isExternal(): boolean {
    const { external } = this.#value;
    return typeof external === "object" && external !== null ? true : this.#boolean("external") === true;
  }

  /** Compose itself ignores what an external network has besides its name. */
  external(): Network {
    const ignored = Object.keys(this.#value).filter((key) => !["name", "external"].includes(key) && !/^x-/.test(key));
    if (ignored.length > 0) {
      const what = `is external, so its maker decides ${ignored.join(" and ")}, and the file does not`;
      this.#context.notes.push(`networks.${this.#key}: ${what}`);
    }
    const older = textOf(mapOf(this.#value["external"])["name"]);
    const name = this.#name() ?? (older === undefined ? this.#key : this.#resolve(older, "external.name"));
    this.#checkOwnOfEngine(name ?? this.#key);
    return { external: true, name: name ?? this.#key };
  }

  own(): Network {
    this.#checkDriver();
    const name = this.#name();
    this.#checkOwnOfEngine(name);
    const [options, labels, ranges] = [this.#texts("driver_opts"), this.#texts("labels"), this.#ranges()];
    return {
      ...(name !== undefined && { name }),
      ...(this.#boolean("internal") === true && { internal: true }),
      ...(this.#boolean("enable_ipv6") === true && { ipv6: true }),
      ...(this.#boolean("enable_ipv4") === false && { ipv4: false }),
      ...(this.#boolean("attachable") === true && { attachable: true }),
      ...(Object.keys(options).length > 0 && { options }),
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(ranges.length > 0 && { ranges }),
    };
  }

  #name(): string | undefined {
    const written = textOf(this.#value["name"]);
    const name = written === undefined ? undefined : this.#resolve(written, "name");
    if (name === undefined || networkName.test(name)) return name;
    const todo = "use letters, digits, '.', '_' and '-', and begin with a letter or digit";
    this.#refuse(`has a name that the engine does not take, got '${name}'`, todo);
    return undefined;
  }

  /** The engine gives no names in its own networks, and another place is meant for them. */
  #checkOwnOfEngine(name: string | undefined): void {
    if (name === undefined || !engineNetworks.includes(name)) return;
    const todo = `remove it, and write \`network_mode: ${name}\` in the services that join it`;
    this.#refuse(`is one of the engine's own, got '${name}'`, todo);
  }

  /** Other drivers need what slipway does not set up: a second server, or an interface of this one. */
  #checkDriver(): void {
    const ofFile = this.#resolve(textOf(this.#value["driver"]) ?? "bridge", "driver") ?? "bridge";
    const byHand = "make it on the server by hand, and write `external: true` with its name here";
    if (!["bridge", "default"].includes(ofFile))
      this.#refuse(`has a driver that slipway does not make, got '${ofFile}'`, byHand);
    const { driver, options, config } = mapOf(this.#value["ipam"]);
    const ipam = this.#resolve(textOf(driver) ?? "default", "ipam.driver") ?? "default";
    if (ipam !== "default") this.#refuse(`has an ipam.driver that slipway does not use, got '${ipam}'`, byHand);
    if (Object.keys(mapOf(options)).length > 0)
      this.#refuse("has ipam.options, which the default driver ignores", "remove them");
    const others = listOf(config).filter((entry) => textOf(mapOf(entry)["subnet"]) === undefined);
    if (others.length > 0) this.#refuse("has an entry in ipam.config without a subnet", "add its subnet, or remove it");
  }

  #ranges(): AddressRange[] {
    return listOf(mapOf(this.#value["ipam"])["config"]).flatMap((entry) => {
      const { subnet, gateway, ip_range: dynamic, aux_addresses: reserved } = this.#filled(mapOf(entry), "ipam.config");
      if (typeof subnet !== "string") return [];
      const texts = Object.entries(mapOf(reserved)).map(([name, value]) => [name, textOf(value) ?? ""] as const);
      return [
        {
          subnet,
          ...(typeof gateway === "string" && { gateway }),
          ...(typeof dynamic === "string" && { dynamic }),
          ...(texts.length > 0 && { reserved: Object.fromEntries(texts) }),
        },
      ];
    });
  }

  #boolean(field: string): boolean | undefined {
    const name = `networks.${this.#key}.${field}`;
    return readBoolean(this.#context, this.#value[field], { place: this.#place, name });
  }

  #texts(field: string): Record<string, string> {
    const entries = Object.entries(this.#filled(mapOf(this.#value[field]), field));
    return Object.fromEntries(entries.map(([name, value]) => [name, textOf(value) ?? ""]));
  }

  #filled(map: JsonMap, field: string): JsonMap {
    const fill = (value: Json): Json => {
      if (typeof value === "string") return this.#resolve(value, field) ?? "";
      return typeof value === "object" && value !== null ? this.#filled(mapOf(value), field) : value;
    };
    return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, fill(value)]));
  }

  #resolve(text: string, field: string): string | undefined {
    return resolveText(this.#context, text, { place: this.#place, name: `networks.${this.#key}.${field}` });
  }

  #refuse(what: string, todo: string): void {
    this.#context.problems.push({ path: this.#place, what: `the network '${this.#key}' ${what}`, todo });
  }
}
