import manifest from "@pulumi/tls/package.json" with { type: "json" };
import { unsupported } from "../base/unsupported.ts";
import type { Provider } from "../base/provider.ts";
import { certRequest } from "./cert-request.ts";
import { locallySignedCert } from "./locally-signed-cert.ts";
import { privateKey } from "./private-key.ts";
import { selfSignedCert } from "./self-signed-cert.ts";

/** Our implementation of the `tls` plugin, with the features that this project uses. */
export const tlsProvider: Provider = {
  name: "tls",
  version: manifest.version,
  resources: [privateKey, certRequest, selfSignedCert, locallySignedCert],
  checkConfig: (config) => Object.keys(config).map((property) => ({ property, reason: unsupported(property) })),
};
