import { posix } from "node:path";
import type { SecretMount } from "./application.ts";
import type { NormalService } from "./normal-service.ts";
import { knownText, resolveText, type ReaderContext } from "./context.ts";
import { mapOf, textOf, type Json } from "../json.ts";

/** One entry of a service's `secrets`. */
interface SecretGrant {
  /** The service. */
  readonly name: string;
  readonly service: NormalService;
  /** The name among the top-level secrets of the compose file. */
  readonly source: string;
  /** The entry as written: a name or a map. */
  readonly entry: Json;
}

/**
 * The mount of a secret that is a variable. Reports a problem and returns undefined if the variable is not set or the
 * owner is not a number.
 */
export function readSecret(context: ReaderContext, grant: SecretGrant, variable: string): SecretMount | undefined {
  const { name, service, source, entry } = grant;
  const place = service.place("secrets");
  if (context.variables[variable] === undefined && !context.secrets.includes(variable)) {
    context.problems.push({
      path: place,
      what: `the secret '${source}' of service '${name}' needs the variable ${variable}, which is not set`,
      todo: `add ${variable} to the environment's secrets, or correct \`environment\` of the secret`,
    });
    context.wanted.push({ kind: "variable", name: variable });
    return undefined;
  }
  const uid = readOwner(context, grant);
  noteIgnored(context, grant);
  const target = posix.resolve("/run/secrets", textOf(mapOf(entry)["target"]) ?? source);
  return uid === undefined ? undefined : { type: "secret", name: source, variable, uid, target };
}

/** The uid of the secret, else the service's user, else root. */
function readOwner(context: ReaderContext, grant: SecretGrant): string | undefined {
  const { name, service, source, entry } = grant;
  const written = textOf(mapOf(entry)["uid"]);
  const place = service.place("secrets");
  if (written === undefined) return ownerByUser(context, grant);
  const uid = resolveText(context, written, { place, name: "secrets" });
  if (uid === undefined || number.test(uid)) return uid;
  context.problems.push({
    path: place,
    what: `the secret '${source}' of service '${name}' has a uid that is not a number, got '${uid}'`,
    todo: "write the number that the user has in the image",
  });
  return undefined;
}

/** A user id as images have them; the kernel accepts larger ones. */
const number = /^(0|[1-9][0-9]{0,8})$/;

function ownerByUser(context: ReaderContext, { name, service, source }: SecretGrant): string {
  const written = textOf(service.fields["user"]);
  if (written === undefined) {
    noteRoot(context, name, source, "neither a uid nor the service's user is given");
    return "0";
  }
  const user = knownText(context, written)?.replace(/:.*$/, "");
  if (user !== undefined && number.test(user)) return user;
  if (user !== "root") noteRoot(context, name, source, `the service's user '${written}' is not a number`);
  return "0";
}

/** Under Compose everybody in the container may read a secret. */
function noteRoot(context: ReaderContext, name: string, source: string, why: string): void {
  const what = `only root may read the secret '${source}', since ${why}`;
  context.notes.push(`${name}: ${what}; set \`uid\` of the secret, or services.${name}.openSecrets`);
}

/** A file that a group or all users may read would not be secret, so `gid` and `mode` are ignored. */
function noteIgnored(context: ReaderContext, { name, source, entry }: SecretGrant): void {
  const { gid, mode } = mapOf(entry);
  const isDefault = mode === undefined || ["256", "400", "0400", "0o400"].includes(textOf(mode) ?? "");
  const ignored = [...(gid === undefined ? [] : ["gid"]), ...(isDefault ? [] : ["mode"])].join(" and ");
  if (ignored === "") return;
  const rule = "its file is 0400, and only its uid may read it";
  context.notes.push(`${name}: ignores ${ignored} of the secret '${source}'; ${rule}`);
}
