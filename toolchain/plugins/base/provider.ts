import type { Difference } from "./difference.ts";
import type { Properties } from "./property.ts";
import type { ResourceType } from "./resource-type.ts";
import type { Problem } from "./validation.ts";

/** A plugin: its name, the version of the official plugin that it replaces, and its resource types. */
export interface Provider {
  readonly name: string;
  readonly version: string;
  readonly resources: readonly ResourceType[];
  /** True if the engine tells this plugin which values are secret, so that a diff sees when a value becomes secret. */
  readonly acceptsSecrets?: boolean;
  /** Finds problems in the provider's configuration, which may contain unknown values. */
  checkConfig?(config: Properties): readonly Problem[];
  /** Compares two configurations. By default every change is an update and replaces nothing. */
  diffConfig?(olds: Properties, news: Properties): Difference;
  /** Takes the configuration: called once before any resource, with no unknown values. */
  configure?(config: Properties): Promise<void>;
}

// The engine's own keys in a provider's configuration; the keys that official plugins add begin with underscores.
const engineKeys = new Set(["version", "pluginDownloadURL"]);

/** The provider's configuration without the keys that the engine adds. */
export function ownConfig(config: Properties): Properties {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !engineKeys.has(name) && !name.startsWith("__")));
}
