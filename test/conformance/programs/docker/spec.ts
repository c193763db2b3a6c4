import { z } from "zod";

const volume = z.strictObject({
  /** The name of its provider. */
  provider: z.string(),
  inputs: z.strictObject({
    name: z.string().exactOptional(),
    driver: z.string().exactOptional(),
    driverOpts: z.record(z.string(), z.string()).exactOptional(),
    labels: z.array(z.strictObject({ label: z.string(), value: z.string() })).exactOptional(),
  }),
  options: z
    .strictObject({
      protect: z.boolean().exactOptional(),
      retainOnDelete: z.boolean().exactOptional(),
      ignoreChanges: z.array(z.string()).exactOptional(),
    })
    .exactOptional(),
  /** The name of a volume that it depends on. */
  after: z.string().exactOptional(),
});

const provider = z.strictObject({
  host: z.string(),
  sshOpts: z.array(z.string()).exactOptional(),
  /** Makes a command print the host, so that it is unknown in the preview of a new stack. */
  printedByCommand: z.boolean().exactOptional(),
});

/** The resources that volumes.ts declares. */
export const dockerSpecs = z.strictObject({
  providers: z.record(z.string(), provider),
  volumes: z.record(z.string(), volume),
  /** Declares a network, which slipway does not use. */
  network: z.boolean().exactOptional(),
});

export type ProviderSpec = z.infer<typeof provider>;
export type VolumeSpec = z.infer<typeof volume>;
export type DockerSpecs = z.infer<typeof dockerSpecs>;
