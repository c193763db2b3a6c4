import { z } from "zod";
import { serverPorts } from "../../compose-cases/compare/ports.ts";
import type { CaseDeployment } from "./case-deployment.ts";
import { runOn, tool } from "./containers.ts";

const loaded = z.object({
  count: z.number(),
  failures: z.array(z.string()),
  releases: z.record(z.string(), z.number()),
});

/** The answers to a steady load on one published port. */
export type Loaded = z.infer<typeof loaded>;

const end = "/run/end-of-load";

/** The addresses on the server at which release services answer HTTP. */
export function releaseAddresses({ comparison }: CaseDeployment): string[] {
  const released = comparison.pairs.filter(({ part }) => part.kind === "release").map(({ name }) => name);
  const ports = serverPorts(comparison);
  const listeners = released.flatMap((name) =>
    Object.entries(ports.get(name) ?? {}).flatMap(([port, places]) => (port.endsWith("/udp") ? [] : places)),
  );
  return listeners.map((listener) => {
    const [address = "", port = ""] = listener.split(" ");
    return `${["any", "0.0.0.0"].includes(address) ? "127.0.0.1" : address}:${port}`;
  });
}

/** Asks each address without a pause while something is done, and returns what was answered at each. */
export async function underLoad(deployment: CaseDeployment, act: () => Promise<unknown>): Promise<readonly Loaded[]> {
  const { server } = deployment;
  await runOn(server, `rm --force ${end}`);
  const loads = releaseAddresses(deployment).map((address) => runOn(server, `${tool} load http://${address}/ ${end}`));
  try {
    await act();
  } finally {
    await runOn(server, `touch ${end}`);
  }
  return (await Promise.all(loads)).map((text) => loaded.parse(JSON.parse(text)));
}
