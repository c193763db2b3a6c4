import { serviceInColour } from "../../model/colour.ts";
import { replicasOf, type Container } from "../docker/container.ts";
import type { CheckedService, Checks } from "./checks.ts";
import { failureOf } from "./check-failure.ts";
import { Replica } from "./replica.ts";

/** One good answer proves a release that serves already. */
export const once = { answers: 1, seconds: 0, interval: 0.5 };

/** The services of a colour of which every replica answers well, each asked once. */
export async function answeringServices(
  services: Checks["services"],
  colour: string,
  containers: readonly Container[],
): Promise<string[]> {
  const asked = Object.entries(services).map(async ([name, service]): Promise<string[]> => {
    const replicas = replicasOf(containers, serviceInColour(name, colour));
    const answers = await Promise.all(replicas.map((one) => isWell(name, service, one)));
    return answers.length > 0 && answers.every((well) => well) ? [name] : [];
  });
  return (await Promise.all(asked)).flat();
}

/** Tells whether a replica is well by one question. */
async function isWell(name: string, service: CheckedService, container: Container): Promise<boolean> {
  const replica = new Replica(name, { ...service, gate: once }, container, container);
  await failureOf(async () => {
    replica.check(container);
    await replica.ask();
  });
  return replica.isWell;
}
