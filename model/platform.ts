import { textOf, type Json } from "./json.ts";

/** Other names of architectures, with the one that Docker has, and its variant. */
const architectures = new Map([
  ["i386", "386"],
  ["x86_64", "amd64"],
  ["x86-64", "amd64"],
  ["aarch64", "arm64"],
  ["armhf", "arm/v7"],
  ["armel", "arm/v6"],
]);

/** The variants that need no name, by architecture. */
const usualVariants = new Map([
  ["amd64", "v1"],
  ["arm64", "v8"],
]);

/**
 * The one form of a platform that Docker takes in several, such as `linux/arm64` for `aarch64` and `linux/arm64/v8`.
 * `linux` alone is that of any server.
 */
export function normalPlatform(platform: string): string {
  const parts = platform.toLowerCase().split("/");
  const [os = "", written, variant = ""] = parts.length === 1 && parts[0] !== "linux" ? ["linux", ...parts] : parts;
  if (written === undefined) return os;
  const [architecture = "", named = normalVariant(written, variant)] = (architectures.get(written) ?? written).split(
    "/",
  );
  const isUsual = named === "" || named === usualVariants.get(architecture);
  return isUsual ? `${os}/${architecture}` : `${os}/${architecture}/${named}`;
}

/** A variant of ARM may be a number, and `arm` alone means v7. */
function normalVariant(architecture: string, variant: string): string {
  if (architecture === "arm" && variant === "") return "v7";
  return /^[5-9](\.0)?$/.test(variant) ? `v${variant[0] ?? ""}` : variant.replace(/^(v[89])\.0$/, "$1");
}

/** The platform that a compose file names; undefined if it names none, or by a variable that only servers know. */
export function namedPlatform(value: Json | undefined): string | undefined {
  const named = textOf(value) ?? "";
  return named === "" || named.includes("$") ? undefined : named;
}
