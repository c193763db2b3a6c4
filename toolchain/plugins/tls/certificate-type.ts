import { z } from "zod";
import { unknown, type Properties } from "../base/property.ts";
import { resourceType, type Operation, type ResourceType } from "../base/resource-type.ts";
import type { IssuedCertificate } from "./certificate.ts";
import { certificateDifference, isReadyFromStart, refreshedCertificate } from "./renewal.ts";
import type { KeyAlgorithm } from "./signing-key.ts";

/** A kind of certificate, self-signed or locally signed: its inputs and how it is issued. */
interface CertificateKind<Inputs extends Properties> {
  readonly token: string;
  readonly inputs: z.ZodType<Inputs>;
  readonly inputNames: readonly string[];
  readonly defaults: Properties;
  readonly secrets: readonly string[];
  /** The output for the algorithm of the signing key. */
  readonly algorithmOutput: string;
  issue(inputs: Inputs, operation: Operation): SignedCertificate | Promise<SignedCertificate>;
}

/** A certificate and the algorithm of the key that signed it. */
export type SignedCertificate = IssuedCertificate & { readonly algorithm: KeyAlgorithm };

/** Makes the resource type of a kind of certificate. A change of its inputs, or its age, replaces a certificate. */
export function certificateType<Inputs extends Properties>(kind: CertificateKind<Inputs>): ResourceType {
  const { token, inputs, inputNames, defaults, secrets, algorithmOutput } = kind;
  const planned = (given: Properties): Properties => {
    const filled = { ...defaults, ...given };
    return { ...filled, readyForRenewal: isReadyFromStart(filled) };
  };
  return resourceType<Inputs, Properties>({
    token,
    inputs,
    state: z.custom<Properties>(),
    computed: [],
    secrets,
    replaceOnChanges: [],
    preview: (given, old) => ({ ...(old?.state ?? unknowns(["id", "certPem", algorithmOutput])), ...planned(given) }),
    diff: (old, news) => certificateDifference(old, { ...defaults, ...news }, inputNames),
    create: async (given, operation) => {
      const { id, algorithm, ...certificate } = await kind.issue(given, operation);
      return { id, state: { ...planned(given), ...certificate, id, [algorithmOutput]: algorithm } };
    },
    update: (old, given) => Promise.resolve({ ...old.state, ...planned(given) }),
    read: (old) => Promise.resolve(refreshedCertificate(old)),
  });
}

/** The outputs of a new certificate in a preview. */
function unknowns(names: readonly string[]): Properties {
  return Object.fromEntries([...names, "validityStartTime", "validityEndTime"].map((name) => [name, unknown]));
}
