import type { ReaderInput } from "../../model/compose/context.ts";
import { readPublishedPorts } from "../../model/compose/reader.ts";
import { portVariables } from "../../model/stack/port/variables.ts";
import type { Draft } from "../draft.ts";

/**
 * The variables that alone are a host port in the compose file, as in `${API_HOST_PORT:-8080}:8080`, with the port that
 * the stack chose. Slipway sets them, so that a URL that mentions one has the same port. They are read before the rest
 * of the compose file, which may mention them. Undefined if the file cannot be read.
 */
export function hostPortVariables(
  { ports, services, migration }: Pick<Draft, "ports" | "services" | "migration">,
  input: ReaderInput,
): Record<string, string> | undefined {
  const published = readPublishedPorts(input);
  if (published === undefined) return undefined;
  const found = Object.entries(published).flatMap(([name, compose]) => {
    const service = { name, part: "shared", compose, settings: { port: services[name]?.port } } as const;
    return migration?.service.includes(name) === true ? [] : portVariables(service, ports[name]);
  });
  // Where two disagree, a rule refuses them.
  return Object.fromEntries(found.map(({ name, value }) => [name, value]));
}
