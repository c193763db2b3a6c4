import { z } from "zod";

/** The engine's answers, as far as slipway reads them. */

export const versionSchema = z.object({ Version: z.string(), Os: z.string(), Arch: z.string() });
export const infoSchema = z.object({ DockerRootDir: z.string() });
export const listSchema = z.array(z.object({ Id: z.string() }));
export const imageSchema = z.object({ Id: z.string(), Os: z.string(), Architecture: z.string() });
export const networkSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Driver: z.string().nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
  Options: z.record(z.string(), z.string()).nullish(),
  IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string().nullish() })).nullish() }).nullish(),
});
export const membersSchema = z.object({ Containers: z.record(z.string(), z.unknown()).nullish() });
export const volumeSchema = z.object({
  Name: z.string(),
  Mountpoint: z.string(),
  Driver: z.string().nullish(),
  Options: z.record(z.string(), z.string()).nullish(),
});

export type EngineVersion = z.output<typeof versionSchema>;
export type EngineNetwork = z.output<typeof networkSchema>;
export type EngineVolume = z.output<typeof volumeSchema>;
