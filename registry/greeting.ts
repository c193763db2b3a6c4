import type { Problem } from "../model/problem.ts";
import { parseImageReference } from "../model/stack/images/reference.ts";
import type { RegistryClient } from "./client.ts";
import { describeCredential } from "./credential.ts";
import { RegistryFault } from "./fault.ts";

/** A registry that a build pushes to. */
interface WantedRegistry {
  /** The place that names it, for messages. */
  readonly path: string;
  readonly registry: string;
}

/** What registries answered: a line for each that takes the login, and the problems of all others. */
interface Greetings {
  readonly lines: readonly string[];
  readonly problems: readonly Problem[];
}

/** The registries of images, each once. A short name, such as `shop-web`, is of none that a build pushes to. */
export function registriesOf(images: readonly { readonly path: string; readonly image: string }[]): WantedRegistry[] {
  const found = new Map<string, WantedRegistry>();
  for (const { path, image } of images) {
    const { registry = "", repository = "" } = parseImageReference(image) ?? {};
    const isLocal = registry === "docker.io" && repository.startsWith("library/");
    if (registry !== "" && !isLocal && !found.has(registry)) found.set(registry, { path, registry });
  }
  return [...found.values()];
}

/** Asks registries, all of them, whether they answer and take the login. */
export async function greetRegistries(client: RegistryClient, wanted: readonly WantedRegistry[]): Promise<Greetings> {
  const answers = await Promise.all(wanted.map(async (one) => ({ one, answer: await greet(client, one.registry) })));
  return {
    lines: answers.flatMap(({ answer }) => (typeof answer === "string" ? [answer] : [])),
    problems: answers.flatMap(({ one: { path }, answer }) =>
      typeof answer === "string" ? [] : [{ path, what: answer.what.replace(ofImage, ""), todo: answer.todo }],
    ),
  };
}

/** What a fault says of an image, before the reason. */
const ofImage = /^[^:]*: /;

async function greet(client: RegistryClient, registry: string): Promise<string | RegistryFault> {
  try {
    const credential = await client.greet(registry);
    if (credential === undefined) return `${registry}: answers, without a login`;
    return `${registry}: answers, and takes ${describeCredential(credential)}`;
  } catch (error) {
    if (error instanceof RegistryFault) return error;
    throw error;
  }
}
