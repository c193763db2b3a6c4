import { z } from "zod";

const volume = z.strictObject({
  /** Which of the providers makes it. */
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
  /** Another volume, which must be there first. */
  after: z.string().exactOptional(),
});

const provider = z.strictObject({
  host: z.string(),
  sshOpts: z.array(z.string()).exactOptional(),
  /** A command prints the host, so that a preview of a new stack does not know it. */
  told: z.boolean().exactOptional(),
});

/** What programs/docker.ts is to declare. */
export const dockerSpecs = z.strictObject({
  providers: z.record(z.string(), provider),
  volumes: z.record(z.string(), volume),
  /** A resource that slipway does not use. */
  network: z.boolean().exactOptional(),
});

export type ProviderSpec = z.infer<typeof provider>;
export type VolumeSpec = z.infer<typeof volume>;
export type DockerSpecs = z.infer<typeof dockerSpecs>;
