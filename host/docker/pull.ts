import { Buffer } from "node:buffer";
import { z } from "zod";
import { linesOf } from "../lines.ts";
import type { EngineConnection } from "./connection.ts";

const layerSchema = z.object({
  id: z.string().optional(),
  status: z.string().optional(),
  /** Bytes. */
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).nullish(),
});

/** What the engine tells of a pull, a line each; an error comes in the middle of an answer that began well. */
const progressSchema = z.object({ error: z.string().optional() });

/** What the engine tells of a layer, or of the whole image where it names none. */
export type PulledLayer = Readonly<z.output<typeof layerSchema>>;

/** The file with logins that Docker's own tools write, as far as slipway writes it. */
const loginsSchema = z.object({ auths: z.record(z.string(), z.object({ auth: z.string() })) });

/** The registry of references that name none. */
const hub = "docker.io";

/** The name that Docker's tools and the engine have for a login to it. */
const hubLogin = "https://index.docker.io/v1/";

/** Seconds that one pull may take. */
export const secondsOfPull = 600;

/** Logins to registries, by registry. */
export type Logins = ReadonlyMap<string, { readonly username: string; readonly password: string }>;

/** The logins in a Docker config.json; none where there is no such file. */
export function loginsIn(config: Uint8Array | undefined): Logins {
  if (config === undefined) return new Map();
  const { auths } = loginsSchema.parse(JSON.parse(Buffer.from(config).toString("utf8")));
  return new Map(
    Object.entries(auths).map(([registry, { auth }]) => {
      const [username = "", ...password] = Buffer.from(auth, "base64").toString("utf8").split(":");
      return [registry === hubLogin ? hub : registry, { username, password: password.join(":") }];
    }),
  );
}

/** The registry of an image's reference, by Docker's own rule. */
export function registryOf(reference: string): string {
  const [first = "", ...rest] = reference.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : hub;
}

/** An image's reference, the logins, the end, and who hears of its layers. */
export type PullWords = Parameters<typeof pullImage> extends [unknown, ...infer Words] ? Words : never;

/** Pulls an image by digest. Ends with the engine's own words if that fails. */
export async function pullImage(
  connection: EngineConnection,
  reference: string,
  logins: Logins,
  signal: AbortSignal,
  heard: (layer: PulledLayer) => void = () => undefined,
): Promise<void> {
  const [name = "", digest = ""] = reference.split("@");
  const answer = await connection.stream({
    method: "POST",
    path: `/images/create?fromImage=${encodeURIComponent(name)}&tag=${encodeURIComponent(digest)}`,
    headers: loginHeader(registryOf(reference), logins),
    seconds: secondsOfPull,
    signal,
  });
  for await (const line of linesOf(answer)) {
    const told: unknown = JSON.parse(line);
    const { error } = progressSchema.parse(told);
    if (error !== undefined) throw new Error(error);
    const layer = layerSchema.safeParse(told);
    if (layer.success) heard(layer.data);
  }
}

/** URL-safe base64 with its padding: the engine ignores a login in any other form, and pulls without one. */
function loginHeader(registry: string, logins: Logins): Readonly<Record<string, string>> {
  const login = logins.get(registry);
  if (login === undefined) return {};
  const text = JSON.stringify({ ...login, serveraddress: registry === hub ? hubLogin : registry });
  const encoded = Buffer.from(text).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
  return { "x-registry-auth": encoded };
}
