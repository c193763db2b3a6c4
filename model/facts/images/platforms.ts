import { normalPlatform } from "../../platform.ts";
import type { Problem } from "../../problem.ts";
import type { Observation } from "../observation.ts";

/** An image of which is known for which platforms it is. */
export interface PlatformNeed {
  /** The place that decides the platforms. */
  readonly path: string;
  /** Such as `linux/amd64`. */
  readonly platforms: readonly string[];
  /** How the image gets another platform. */
  readonly todo: string;
}

/** The platforms of Docker by the name that the kernel has for them. */
const platforms: Readonly<Record<string, string>> = { x86_64: "linux/amd64", aarch64: "linux/arm64" };

/** The platform of a machine, by the name that its kernel has for it; undefined for one of an unknown kind. */
export function platformOfMachine(architecture: string): string | undefined {
  return platforms[architecture];
}

/** Requires that a server runs one of the platforms of each image. A server of an unknown kind says so itself. */
export function ensureImagesRunThere(needs: readonly PlatformNeed[], { host }: Observation): Problem[] {
  const own = platformOfMachine(host.architecture);
  if (own === undefined) return [];
  return needs
    .filter(({ platforms: known }) => !known.some((platform) => isFor(platform, own)))
    .map(({ path, platforms: known, todo }) => {
      return { path, what: `is for ${known.join(" and ")}, got a server that runs ${own}`, todo };
    });
}

/** A variant says which processors of its architecture it needs, which no server tells. */
function isFor(platform: string, own: string): boolean {
  const [os = "", architecture] = normalPlatform(platform).split("/");
  return architecture === undefined ? own.startsWith(`${os}/`) : `${os}/${architecture}` === own;
}
