import type { RegistryAnswer } from "./connection.ts";
import { describeCredential, type Credential } from "./credential.ts";
import { RegistryFault } from "./fault.ts";
import { codeOf } from "./retry.ts";
import { messageOf } from "../model/problem.ts";

/** A repository that nobody may read without a login. Registries answer the same for one that does not exist. */
export function noLogin(registry: string): RegistryFault {
  const what = `is private, or does not exist: ${registry} wants a login, and there is none`;
  const todo = `run \`docker login ${registry}\`, name a login in registries.${registry}, or correct the image's name`;
  return new RegistryFault(what, todo);
}

/** A login with a wrong password, or one that has ended. */
export function refusedLogin(registry: string, credential: Credential): RegistryFault {
  const { from } = credential;
  const what = `is not given out: ${registry} refuses ${describeCredential(credential)} from ${from}`;
  const todo = from === "registries" ? "correct its user and its password" : `run \`docker login ${registry}\` again`;
  return new RegistryFault(what, todo);
}

/** A login that is right, of a user who may not read the repository. */
export function forbidden(registry: string, credential: Credential): RegistryFault {
  const what = `may not be read by ${describeCredential(credential)} at ${registry}, or does not exist`;
  return new RegistryFault(what, "give that user the right to pull it, or correct the image's name");
}

/** An answer that says nothing about the image. */
export function noAnswer(host: string, { status, headers }: RegistryAnswer): RegistryFault {
  if (status === 429) {
    const asked = headers["retry-after"];
    const later = asked === undefined ? "" : `, and asks to wait ${asked.slice(0, 40)} s`;
    const what = `is not looked up: ${host} limits the number of requests${later}`;
    return new RegistryFault(what, "try again later, or log in, which allows more");
  }
  return new RegistryFault(`is not looked up: ${host} answers with status ${status}`, "try again later");
}

/** Words for the codes of failures that a reader may act on. */
const reasons: Readonly<Record<string, readonly [why: string, todo: string]>> = {
  ENOTFOUND: ["is not known by name", "correct the image's name, or give this machine a network"],
  EAI_AGAIN: ["cannot be found, since no name server answers", "give this machine a network"],
  ECONNREFUSED: ["refuses the connection", "start it, or correct the image's name"],
  ETIMEDOUT: ["does not answer in time", "check the network between this machine and it"],
  ENETUNREACH: ["cannot be reached", "give this machine a network"],
  CERT_HAS_EXPIRED: ["has a certificate that has ended", "ask who runs that registry"],
  ERR_TLS_CERT_ALTNAME_INVALID: ["has a certificate for another name", "correct the image's name"],
  EHOSTUNREACH: ["cannot be reached", "give this machine a network"],
};

/** A registry that could not be asked. */
export function noConnection(host: string, error: unknown): RegistryFault {
  const code = codeOf(error);
  const known = reasons[code];
  if (known !== undefined) return new RegistryFault(`is not looked up: ${host} ${known[0]}`, known[1]);
  if (/CERT|SIGNATURE|ISSUER/.test(code)) {
    const what = `is not looked up: the certificate of ${host} is not trusted (${code})`;
    return new RegistryFault(what, `put its authority into /etc/docker/certs.d/${host}/ca.crt, where Docker looks too`);
  }
  const what = `is not looked up: the connection to ${host} failed (${code === "" ? messageOf(error) : code})`;
  return new RegistryFault(what, "check the network between this machine and it");
}
