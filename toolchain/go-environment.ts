import { homedir } from "node:os";
import { join } from "node:path";
import type { Place } from "./cache/place.ts";

/** The environment in which `go` writes nothing into the home folder, but still reads the user's settings there. */
export function goEnvironment(place: Place, caches = join(place.cacheDirectory, "go")): NodeJS.ProcessEnv {
  const settings = process.env["XDG_CONFIG_HOME"] ?? join(homedir(), ".config");
  return {
    ...process.env,
    GOENV: process.env["GOENV"] ?? join(settings, "go", "env"),
    XDG_CONFIG_HOME: join(place.cacheDirectory, "go", "settings"),
    GOPATH: join(caches, "path"),
    GOMODCACHE: join(caches, "modules"),
    GOCACHE: join(caches, "built"),
    GOTOOLCHAIN: "local",
    GOWORK: "off",
  };
}
