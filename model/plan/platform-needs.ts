import type { PlatformNeed } from "../facts/images/platforms.ts";
import { namedPlatform } from "../platform.ts";
import type { ProxyImage } from "../stack/stack.ts";
import type { StackService } from "../stack/service.ts";

const locking =
  "add the server's platform to `platforms`, and run `slipway lock`; an image that lacks it cannot run there";

/** The platforms of a service's image: its own, as the compose file says, or those that the lock has. */
export function platformNeeds({ name, compose, platforms }: StackService): PlatformNeed[] {
  const path = `compose.services.${name}`;
  const own = namedPlatform(compose.fields["platform"]);
  if (own !== undefined) {
    const todo = "remove it if the image has the server's platform too, or use a server that runs this one";
    return [{ path: `${path}.platform`, platforms: [own], todo }];
  }
  return platforms === undefined ? [] : [{ path: `${path}.image`, platforms, todo: locking }];
}

/** The platforms that the lock has for the proxy's image. */
export function proxyPlatforms({ platforms }: ProxyImage): PlatformNeed[] {
  return platforms === undefined ? [] : [{ path: "proxy.image", platforms, todo: locking }];
}
