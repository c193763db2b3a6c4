import type { Difference } from "./difference.ts";
import type { Properties } from "./property.ts";
import type { ResourceType } from "./resource-type.ts";
import type { Problem } from "./validation.ts";

/** A plugin: a name, the version of the official plugin it stands in for, and the resources it can make. */
export interface Provider {
  readonly name: string;
  readonly version: string;
  readonly resources: readonly ResourceType[];
  /** Whether the engine shows this plugin which values are secret, as it does the official one: then a value changes with its secrecy. */
  readonly acceptsSecrets?: boolean;
  /** Finds what is wrong with the provider's own configuration, values of which may be unknown. */
  checkConfig?(config: Properties): readonly Problem[];
  /** Without it a change of the configuration is an update and replaces nothing. */
  diffConfig?(olds: Properties, news: Properties): Difference;
  /** Called once, with everything known, before any resource. */
  configure?(config: Properties): Promise<void>;
}

// What the engine keeps among a provider's inputs for itself; official plugins add their own, with underscores.
const engineKeys = new Set(["version", "pluginDownloadURL"]);

/** The provider's own configuration without what the engine adds to it. */
export function ownConfig(config: Properties): Properties {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !engineKeys.has(name) && !name.startsWith("__")));
}
