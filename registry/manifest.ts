import { z } from "zod";
import { normalPlatform } from "../model/platform.ts";

const oci = "application/vnd.oci.image";
const docker = "application/vnd.docker.distribution.manifest";
const indexTypes = [`${oci}.index.v1+json`, `${docker}.list.v2+json`];
const manifestTypes = [`${oci}.manifest.v1+json`, `${docker}.v2+json`];

/** The value of `Accept` for every form in which a registry may have an image. */
export const manifestForms = [...indexTypes, ...manifestTypes].join(", ");

/** The label, and the annotation, with the version of what is in an image. */
const versionName = "org.opencontainers.image.version";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const texts = z.record(z.string(), z.unknown()).nullish();
const platformSchema = z.object({
  os: z.string().regex(/^[\w.-]{1,64}$/),
  architecture: z.string().regex(/^[\w.-]{1,64}$/),
  variant: z
    .string()
    .regex(/^[\w.-]{0,64}$/)
    .nullish(),
});

const indexSchema = z.object({
  manifests: z.array(z.object({ digest, platform: z.unknown(), annotations: texts })),
  annotations: texts,
});
const layerSchema = z.object({ size: z.number().nonnegative() });
const manifestSchema = z.object({
  config: z.object({ digest }),
  annotations: texts,
  layers: z.array(layerSchema).nullish(),
});
const configSchema = platformSchema.extend({
  config: z.object({ Labels: texts }).nullish(),
  rootfs: z.object({ diff_ids: z.array(digest) }).nullish(),
});

/** The image of one platform in an index. */
interface PlatformImage {
  readonly platform: string;
  readonly digest: string;
  readonly version: string | undefined;
}

/** What a name leads to: one image, or an index of one image a platform. */
export type Manifest =
  | { readonly kind: "index"; readonly images: readonly PlatformImage[]; readonly version: string | undefined }
  | {
      readonly kind: "image";
      readonly config: string;
      readonly version: string | undefined;
      /** Of its layers, packed, in bytes. */
      readonly sizes: readonly number[];
    };

/** What slipway reads in the configuration of an image. */
export interface ImageConfig {
  readonly platform: string;
  readonly version: string | undefined;
  /** The sums of its layers, unpacked. */
  readonly diffs: readonly string[];
}

/** Reads the manifest of an image or an index; undefined if it is neither. */
export function readManifest(value: unknown): Manifest | undefined {
  const index = indexSchema.safeParse(value);
  if (index.success) {
    const images = index.data.manifests.flatMap(platformImage);
    return { kind: "index", images, version: versionIn(index.data.annotations) };
  }
  const manifest = manifestSchema.safeParse(value);
  if (!manifest.success) return undefined;
  const { config, annotations, layers } = manifest.data;
  const sizes = (layers ?? []).map(({ size }) => size);
  return { kind: "image", config: config.digest, version: versionIn(annotations), sizes };
}

/** Attestations stand in an index as images for the platform `unknown/unknown`. */
function platformImage(entry: z.output<typeof indexSchema>["manifests"][number]): PlatformImage[] {
  const platform = platformSchema.safeParse(entry.platform);
  if (!platform.success || platform.data.os === "unknown") return [];
  const { digest, annotations } = entry;
  return [{ platform: platformName(platform.data), digest, version: versionIn(annotations) }];
}

/** Reads the platform and the version in the configuration of an image; undefined if it is none. */
export function readImageConfig(value: unknown): ImageConfig | undefined {
  const read = configSchema.safeParse(value);
  if (!read.success) return undefined;
  const { config, rootfs } = read.data;
  return { platform: platformName(read.data), version: versionIn(config?.Labels), diffs: rootfs?.diff_ids ?? [] };
}

/** The name of a platform, such as `linux/arm/v7`. */
function platformName({ os, architecture, variant }: z.output<typeof platformSchema>): string {
  const rest = variant === undefined || variant === null || variant === "" ? "" : `/${variant}`;
  return normalPlatform(`${os}/${architecture}${rest}`);
}

const longestVersion = 128;

/** The builder of an image chose its version, and the lock of a team holds it: it may be one short line. */
function versionIn(said: Readonly<Record<string, unknown>> | null | undefined): string | undefined {
  const version = said?.[versionName];
  if (typeof version !== "string" || version.length > longestVersion) return undefined;
  return /^[\w.+~:-]+$/.test(version) ? version : undefined;
}
