import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";

/** The folder of the Docker engine with a folder of certificates for each registry. */
const dockerFolder = "/etc/docker/certs.d";

/**
 * The authorities for one registry: those of Node, of this machine, and of the registry alone, where the Docker engine
 * has some for it. The last are trusted for no other host.
 */
export function trustOf(host: string, folder: string = dockerFolder): SecureContext {
  return createSecureContext({
    ca: [
      ...new Set([...getCACertificates("default"), ...getCACertificates("system"), ...ownAuthorities(host, folder)]),
    ],
  });
}

function ownAuthorities(host: string, folder: string): readonly string[] {
  const own = join(folder, host);
  try {
    const names = readdirSync(own).filter((name) => name.endsWith(".crt"));
    return names.map((name) => readFileSync(join(own, name), "utf8"));
  } catch {
    return []; // there is none, or this user may not read it; then the certificate is refused by name
  }
}
