import { createHash, randomBytes } from "node:crypto";
import type Docker from "dockerode";
import { z } from "zod";
import { type Properties, isList, unknown } from "../base/property.ts";
import { type ResourceType, type Saved, resourceType } from "../base/resource-type.ts";
import { engineError, failure, isNotFound } from "./engine-error.ts";
import { removeVolume } from "./remove-volume.ts";
import { importedInputs, inspectVolume, refreshedInputs, sortedLabels } from "./volume-state.ts";
import { compare, type Difference } from "../base/difference.ts";

// The names of the inputs that the plugin generated; the official plugin keeps them in the state like this.
const defaultNames = { __defaults: z.array(z.string()).optional() };

const inputs = z.strictObject({
  name: z.string(),
  driver: z.string().optional(),
  driverOpts: z.record(z.string(), z.string()).optional(),
  labels: z.array(z.strictObject({ label: z.string(), value: z.string(), ...defaultNames })).optional(),
  ...defaultNames,
});

type Inputs = z.infer<typeof inputs>;
type Connect = () => Promise<Docker>;

/** `docker.Volume`: a volume, which is created, or adopted without a message if it exists already. */
export function volume(connect: Connect): ResourceType {
  return resourceType<Inputs, unknown>({
    token: "docker:index/volume:Volume",
    inputs,
    state: z.unknown(),
    computed: [],
    secrets: [],
    replaceOnChanges: [],
    defaults: (given, { name, oldInputs, randomSeed }) => ({
      ...given,
      name: given["name"] ?? oldInputs["name"] ?? autoName(name, randomSeed),
      __defaults: given["name"] === undefined ? ["name"] : [],
    }),
    preview,
    diff: volumeDifference,
    create: async (given) => attempt(() => create(connect, given)),
    read: async (old, { urn }) => attempt(() => read(connect, old), `refreshing ${urn}`),
    delete: async ({ id }, { urn, signal }) =>
      attempt(async () => removeVolume(await connect(), id, signal), `deleting ${urn}`),
  });
}

function preview(given: Properties): Properties {
  const { name = unknown, driver = unknown, driverOpts = {}, labels } = given;
  const known = labels === unknown ? unknown : sortedLabels(labels);
  return { id: unknown, name, driver, driverOpts, labels: known, mountpoint: unknown };
}

async function create(connect: Connect, given: Inputs): Promise<{ id: string; state: Properties }> {
  const docker = await connect();
  const created = await docker.createVolume(createOptions(given)).catch((error: unknown) => {
    throw new Error(`Unable to create volume: ${engineError(error)}`, { cause: error });
  });
  const state = await inspectVolume(created);
  // As in the official plugin, further labels of an adopted volume appear only with the next refresh.
  return { id: created.name, state: { ...state, labels: labelState(given) } };
}

async function read(
  connect: Connect,
  old: Saved<Properties, Properties>,
): Promise<Saved<Properties, Properties> | undefined> {
  const docker = await connect();
  try {
    const state = await inspectVolume(docker.getVolume(old.id));
    const isImport = Object.keys(old.state).length === 0;
    return { id: old.id, state, inputs: isImport ? importedInputs(state) : refreshedInputs(old.inputs, state) };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw new Error(`Unable to inspect volume: ${engineError(error)}`, { cause: error });
  }
}

function labelState({ labels = [] }: Inputs): readonly Properties[] {
  return sortedLabels(labels.map(({ label, value }) => ({ label, value })));
}

function createOptions({ name, driver, driverOpts, labels }: Inputs): Docker.VolumeCreateOptions {
  return {
    Name: name,
    Driver: driver,
    DriverOpts: driverOpts,
    Labels: Object.fromEntries((labels ?? []).map(({ label, value }) => [label, value])),
  };
}

/** Runs an operation, and words its error as the official plugin does. */
async function attempt<Result>(work: () => Promise<Result>, action?: string): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw failure(error instanceof Error ? error.message : String(error), action);
  }
}

/** The name of a volume without one: the resource's name and seven hex digits, equal in preview and update. */
function autoName(resourceName: string, randomSeed: Uint8Array): string {
  const seed = randomSeed.length > 0 ? randomSeed : randomBytes(32);
  return `${resourceName}-${createHash("sha256").update(seed).digest("hex").slice(0, 7)}`;
}

/**
 * Compares a volume's last known state with the program's inputs. So a label or option that the volume had when it was
 * adopted needs a replacement; a driver that the program leaves out does not.
 */
function volumeDifference(old: Saved<Properties, Properties>, news: Properties): Difference {
  const changes = compare(comparable(old.state, news), comparable(news, news));
  return {
    changes,
    replaces: [...changes.keys()],
    // The old and the new volume have the same name, unless the plugin generates it.
    deleteBeforeReplace: changes.size > 0 && isList(news["__defaults"]) && !news["__defaults"].includes("name"),
  };
}

/** The properties to compare, with empty values for absent ones and labels in a fixed order. */
function comparable({ name, driver, driverOpts, labels }: Properties, news: Properties): Properties {
  return {
    name: name ?? null,
    driver: news["driver"] === undefined ? null : (driver ?? null),
    driverOpts: driverOpts ?? {},
    labels: labels === unknown ? unknown : JSON.stringify(sortedLabels(labels)),
  };
}
