import { RegistryClient } from "../../registry/client.ts";
import { RegistryConnection } from "../../registry/connection.ts";
import type { Credential } from "../../registry/credential.ts";
import { lookUpImages, type LookUps } from "../../registry/look-up.ts";
import { describeProblem } from "../../model/problem.ts";

interface Asked {
  readonly credential?: Credential;
  readonly platforms?: readonly string[];
  readonly waits?: number[];
  /** For one try. */
  readonly seconds?: number;
}

/** Looks up names of images, which are below the stub's address. */
export async function lookUp(stub: { address: string }, names: readonly string[], asked: Asked = {}): Promise<LookUps> {
  const { credential, platforms = ["linux/amd64"], waits = [], seconds = 20 } = asked;
  const wait = (seconds: number): Promise<unknown> => Promise.resolve(waits.push(seconds));
  const connection = new RegistryConnection({ environment: {}, wait, seconds });
  const client = new RegistryClient(connection, () => Promise.resolve(credential));
  const wanted = names.map((name) => ({ path: "compose.yaml", image: `${stub.address}/${name}`, platforms }));
  try {
    return await lookUpImages(client, wanted);
  } finally {
    connection.close();
  }
}

/** The problems of names that are looked up, a line each, where the stub is called `stub`. */
export async function problems(
  stub: { address: string },
  names: readonly string[],
  asked: Asked = {},
): Promise<string[]> {
  const found = await lookUp(stub, names, asked);
  return found.problems.map((problem) => describeProblem(problem).replaceAll(stub.address, "stub"));
}
