import type { JsonMap } from "../../json.ts";

/** A network of the developers' Compose file. */
export interface Network {
  /** Its name on the server; without one it is named after the project. */
  readonly name?: string;
  /** Others made it, and it must be there. @default false */
  readonly external?: boolean;
  /** It has no way out of the server. @default false */
  readonly internal?: boolean;
  /** @default true */
  readonly ipv4?: boolean;
  /** @default false */
  readonly ipv6?: boolean;
  /** @default false */
  readonly attachable?: boolean;
  /** The addresses of its containers, as `ipam.config` lists them. @default chosen by slipway */
  readonly ranges?: readonly AddressRange[];
  /** The options of its driver. @default none */
  readonly options?: Readonly<Record<string, string>>;
  /** @default none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** The addresses of a network, and those among them that have a meaning. */
export interface AddressRange {
  readonly subnet: string;
  readonly gateway?: string;
  /** The part from which containers without a fixed address get theirs. */
  readonly dynamic?: string;
  /** By name: addresses that no container gets. */
  readonly reserved?: Readonly<Record<string, string>>;
}

/** How the file attaches a service to a network. */
export interface NetworkAttachment {
  /** Further names of the service in the network. */
  readonly aliases: readonly string[];
  /** Its addresses, its priorities and all else, as the file says it. */
  readonly fields: JsonMap;
}

/** The network of a service that joins none of the file. */
export type NetworkMode =
  /** In the network of the server, in none, or in that of the engine, in which nobody has a name. */
  | { readonly kind: "host" | "none" | "bridge" }
  /** In the network of another service, by its name in the file. */
  | { readonly kind: "service"; readonly service: string }
  /** In the network of a container that others made. */
  | { readonly kind: "container"; readonly container: string };
