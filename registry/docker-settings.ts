import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../model/json.ts";
import { runChild } from "../process/child.ts";
import { secretReaderEnvironment } from "../process/environment.ts";
import type { Credential, FindCredential } from "./credential.ts";
import { RegistryFault } from "./fault.ts";

const settingsSchema = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .default({}),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).default({}),
});

const helperAnswer = z.object({ Username: z.string(), Secret: z.string() });

/** The name with which helpers mean that the secret is a token. */
const tokenUser = "<token>";

const helperSeconds = 30;

/** Finds the logins that `docker login` made on this machine: in Docker's `config.json`, or by credential helpers. */
export function dockerCredentials(environment: NodeJS.ProcessEnv): FindCredential {
  const folder = environment["DOCKER_CONFIG"] ?? join(environment["HOME"] ?? homedir(), ".docker");
  const file = join(folder, "config.json");
  return async (registry) => {
    const settings = readSettings(file);
    if (settings === undefined) return undefined;
    const names = settingsNames(registry);
    const helper = names.map((name) => settings.credHelpers[name]).find((one) => one !== undefined);
    const program = helper ?? settings.credsStore;
    if (program !== undefined) {
      const found = await askHelper(program, names, environment);
      if (found !== undefined) return found;
    }
    return names.map((name) => credentialIn(settings.auths[name], file)).find((one) => one !== undefined);
  };
}

function readSettings(file: string): z.output<typeof settingsSchema> | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const read = settingsSchema.safeParse(parseJson(text));
  if (read.success) return read.data;
  throw new RegistryFault(
    `cannot be asked for, since ${file} is not what Docker writes`,
    "correct or remove that file",
  );
}

/** The names under which Docker's settings may have a registry. */
function settingsNames(registry: string): readonly string[] {
  return registry === "docker.io"
    ? ["https://index.docker.io/v1/", "index.docker.io", "docker.io"]
    : [registry, `https://${registry}`, `https://${registry}/`];
}

function credentialIn(
  entry: z.output<typeof settingsSchema>["auths"][string] | undefined,
  from: string,
): Credential | undefined {
  if (entry === undefined) return undefined;
  if (entry.identitytoken !== undefined && entry.identitytoken !== "")
    return { kind: "token", token: entry.identitytoken, from };
  const [, user, password] = /^([^:]+):(.*)$/s.exec(Buffer.from(entry.auth ?? "", "base64").toString()) ?? [];
  return user === undefined || password === undefined ? undefined : { kind: "password", user, password, from };
}

/** Asks a credential helper by its protocol: the registry's name by stdin, one JSON object as answer. */
async function askHelper(
  helper: string,
  names: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Credential | undefined> {
  if (!/^[\w.-]+$/.test(helper)) throw new RegistryFault("names no credential helper", "correct Docker's config.json");
  const program = `docker-credential-${helper}`;
  for (const name of names) {
    const ended = await runChild([program, "get"], {
      ...{ stdin: name, deadline: helperSeconds * 1000, limit: 1 << 16, group: true },
      env: secretReaderEnvironment(environment),
    });
    if (ended.fault !== undefined) {
      const why = ended.fault === "not started" ? "cannot be started" : "does not answer";
      const todo = `make ${program} work, or remove it from Docker's config.json`;
      throw new RegistryFault(`has no login, since ${program} ${why}`, todo);
    }
    // A helper ends with 1 where it has no login, and its words may hold anything, so they are not shown.
    const answer = ended.code === 0 ? helperAnswer.safeParse(parseJson(ended.stdout)) : undefined;
    if (answer?.success !== true) continue;
    const { Username: user, Secret: secret } = answer.data;
    if (user === tokenUser) return { kind: "token", token: secret, from: program };
    return { kind: "password", user, password: secret, from: program };
  }
  return undefined;
}
