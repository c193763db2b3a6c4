import { Buffer } from "node:buffer";
import { z } from "zod";
import { parseJson } from "../model/json.ts";
import { parseChallenges, type Challenge } from "./challenge.ts";
import type { RegistryAnswer, RegistryConnection } from "./connection.ts";
import { basicAuthorization, type Credential } from "./credential.ts";
import { noAnswer, noLogin, refusedLogin } from "./refusal.ts";
import { RegistryFault } from "./fault.ts";
import { isLoopback, mayLeadTo } from "./redirect.ts";

/** What a login is used for. */
export interface Authorized {
  /** The registry's name in references. */
  readonly registry: string;
  /** The repository whose images are to be read; undefined to prove the login alone. */
  readonly repository: string | undefined;
}

const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() });

const tokenLimit = 1 << 18;

/**
 * The header that opens a repository, by the way that the registry offers. The credential goes to the server that the
 * registry names for tokens, as with Docker, and never without TLS.
 */
export async function authorize(
  connection: RegistryConnection,
  { registry, repository }: Authorized,
  { header, credential }: { readonly header: string; readonly credential: Credential | undefined },
): Promise<string> {
  const challenges = parseChallenges(header);
  const bearer = challenges.find(({ scheme }) => scheme === "bearer");
  if (bearer !== undefined) {
    const scope = repository === undefined ? undefined : `repository:${repository}:pull`;
    return `Bearer ${await tokenFor(connection, { registry, scope, challenge: bearer, credential })}`;
  }
  if (credential === undefined) throw noLogin(registry);
  if (challenges.some(({ scheme }) => scheme === "basic") && credential.kind === "password")
    return basicAuthorization(credential);
  const what = `is not looked up: ${registry} offers no way to log in that slipway knows`;
  throw new RegistryFault(what, "use a registry with basic logins or tokens");
}

interface TokenRequest {
  readonly registry: string;
  readonly scope: string | undefined;
  readonly challenge: Challenge;
  readonly credential: Credential | undefined;
}

async function tokenFor(connection: RegistryConnection, asked: TokenRequest): Promise<string> {
  const { registry, scope, challenge, credential } = asked;
  const url = realmOf(challenge, registry);
  const { service = "" } = challenge.parameters;
  let answer: RegistryAnswer;
  if (credential?.kind === "token") {
    const form = {
      ...{ grant_type: "refresh_token", service, client_id: "slipway", refresh_token: credential.token },
      ...(scope !== undefined && { scope }),
    };
    answer = await connection.ask({ url, headers: {}, form, limit: tokenLimit });
  } else {
    if (service !== "") url.searchParams.set("service", service);
    if (scope !== undefined) url.searchParams.set("scope", scope);
    const headers = credential === undefined ? {} : { authorization: basicAuthorization(credential) };
    answer = await connection.ask({ url, headers, limit: tokenLimit });
  }
  if ([400, 401, 403].includes(answer.status))
    throw credential === undefined ? noLogin(registry) : refusedLogin(registry, credential);
  if (answer.status !== 200) throw noAnswer(url.host, answer);
  const { token, access_token } = tokenSchema.safeParse(parseJson(Buffer.from(answer.bytes).toString())).data ?? {};
  const found = token ?? access_token ?? "";
  if (/^[\x21-\x7e]+$/.test(found)) return found;
  throw new RegistryFault(`is not looked up: ${url.host} gives no token`, "ask who runs that registry");
}

function realmOf({ parameters: { realm = "" } }: Challenge, registry: string): URL {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.host));
  if (url !== undefined && isSafe && mayLeadTo(registry, url.host)) return url;
  const what = `is not looked up: ${registry} has its logins at an address without TLS, or at none`;
  throw new RegistryFault(what, "ask who runs that registry");
}
