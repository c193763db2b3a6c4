import { parseDocument } from "yaml";
import type { Service } from "../../model/compose/application.ts";
import type { Problem } from "../../model/problem.ts";
import { namedPlatform, normalPlatform } from "../../model/platform.ts";
import { imageLockFile, imageLockSchema, nameInLock, type ImageLock } from "../../model/stack/images/lock.ts";
import { hasRelease, type Stack } from "../../model/stack/stack.ts";
import { proxyName } from "../../model/proxy.ts";
import type { Draft } from "../draft.ts";
import { problemsOf } from "../problems.ts";
import type { RuleInput } from "../rule.ts";

/** The lock, or its problems; an empty lock if there is none. */
interface ReadImageLock {
  readonly lock: ImageLock;
  readonly problems: readonly Problem[];
}

const todo = "restore it from git, or remove it and run `slipway lock`";

/** Reads the text of `slipway.lock`. */
export function readImageLock(text: string | undefined): ReadImageLock {
  if (text === undefined) return { lock: {}, problems: [] };
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    const path = `${imageLockFile}:${error.linePos?.[0].line ?? 1}`;
    return {
      lock: {},
      problems: [{ path, what: `is not YAML: ${error.message.split(/ at line|\n/)[0] ?? ""}`, todo }],
    };
  }
  const value: unknown = document.toJS();
  const parsed = imageLockSchema.safeParse(value);
  if (parsed.success) return { lock: parsed.data.images, problems: [] };
  const problems = problemsOf(parsed.error, value, imageLockSchema).map(({ path, what }) => ({
    ...{ path: path === "" ? imageLockFile : `${imageLockFile}: ${path}`, what, todo },
  }));
  return { lock: {}, problems };
}

/** An image of a stack that the lock should hold. */
export interface TaggedImage {
  /** Its place in the configuration. */
  readonly path: string;
  /** Its name in the lock, with the tag. */
  readonly name: string;
  /** The service, or `slipway-proxy`. */
  readonly service: string;
  readonly platforms: readonly string[];
}

/** The keys of a stack that decide what its lock holds. */
type LockedKeys = Pick<Draft, "platforms" | "proxy">;

/** Every image of a stack whose digest the lock decides. */
export function imagesToLock({ platforms, proxy }: LockedKeys, stack: Stack): readonly TaggedImage[] {
  const ofServices = stack.services
    .filter(({ imageFrom }) => imageFrom === "lock")
    .map(({ name, compose }) => {
      const path = `compose.services.${name}.image`;
      return { path, image: compose.image, service: name, platforms: platformsOf(compose, { platforms }) };
    });
  const ofProxy = { path: "proxy.image", image: proxy.image, service: proxyName, platforms };
  return [...ofServices, ...(hasRelease(stack) ? [ofProxy] : [])].flatMap(({ image, ...of }) => {
    const name = nameInLock(image ?? "");
    return name === undefined ? [] : [{ ...of, name }];
  });
}

/** The platforms for which a service needs an image: its own, as the compose file says, or those of the stack. */
export function platformsOf({ fields }: Pick<Service, "fields">, { platforms }: Pick<Draft, "platforms">): string[] {
  const own = normalPlatform(namedPlatform(fields["platform"]) ?? "linux");
  return own === "linux" ? platforms : [own];
}

/** Requires that the images of the lock are for the platforms of the stack. */
export function ensureLockHasThePlatforms({ draft, stack, lock }: RuleInput): Problem[] {
  return imagesToLock(draft, stack).flatMap(({ name, platforms, service }) => {
    const missing = platforms.filter((platform) => lock[name]?.platforms.includes(platform) === false);
    if (missing.length === 0) return [];
    const what = `has '${name}', the image of '${service}', not for ${missing.join(" and ")}`;
    return [{ path: imageLockFile, what, todo: "run `slipway lock`, which looks for that platform" }];
  });
}
