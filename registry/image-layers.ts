import type { Layers } from "../model/facts/images/room.ts";
import { parseImageReference } from "../model/stack/images/reference.ts";
import type { RegistryLogin } from "../model/stack/registry-login.ts";
import { RegistryClient } from "./client.ts";
import { RegistryConnection } from "./connection.ts";
import { credentialsOf } from "./credential.ts";
import { dockerCredentials } from "./docker-settings.ts";

/** Seconds for all questions: a registry that is slow, or out of reach from here, must not hold up a run. */
const patience = 5;

/** Everything that is asked of registries about the sizes of images. */
interface Asked {
  /** By digest. */
  readonly images: readonly string[];
  /** The platform of the server. */
  readonly platform: string;
  readonly logins: readonly RegistryLogin[];
  readonly environment: NodeJS.ProcessEnv;
}

/** Finds the layers of images, as far as their registries tell. Nothing fails here: the pull itself does. */
export async function imageLayers({ images, platform, logins, environment }: Asked): Promise<Layers> {
  const connection = new RegistryConnection({ environment });
  const client = new RegistryClient(connection, credentialsOf(logins, dockerCredentials(environment)));
  const found: Layers = {};
  const asked = images.map(async (image) => {
    const reference = parseImageReference(image);
    const layers = reference && (await client.layers(reference, platform).catch(() => undefined));
    if (layers !== undefined) found[image] = [...layers];
  });
  let late: NodeJS.Timeout | undefined;
  try {
    await Promise.race([Promise.all(asked), new Promise((resolve) => (late = setTimeout(resolve, patience * 1000)))]);
  } finally {
    clearTimeout(late);
    connection.close();
  }
  return { ...found };
}
