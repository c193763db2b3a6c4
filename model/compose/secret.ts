import { posix } from "node:path";
import type { SecretMount } from "./application.ts";
import type { NormalService } from "./normal-service.ts";
import { resolveText, type Reading } from "./reading.ts";
import { mapOf, textOf, type Json } from "../json.ts";

interface SecretGrant {
  /** The service. */
  readonly name: string;
  readonly service: NormalService;
  /** Below the file's top-level secrets. */
  readonly source: string;
  /** What the service says of it: a name, or a map. */
  readonly entry: Json;
}

/** The mount of a secret that is a variable; undefined, with the reason, where nobody sets that, or where its owner is no number. */
export function readSecret(reading: Reading, grant: SecretGrant, variable: string): SecretMount | undefined {
  const { name, service, source, entry } = grant;
  const place = service.place("secrets");
  if (reading.variables[variable] === undefined && !reading.secrets.includes(variable)) {
    reading.problems.push({
      path: place,
      what: `the secret '${source}' of service '${name}' needs the variable ${variable}, which nobody sets`,
      todo: `put ${variable} where the environment's secrets are, or correct \`environment\` of the secret`,
    });
    return undefined;
  }
  const uid = readOwner(reading, grant);
  noteIgnored(reading, grant);
  const target = posix.resolve("/run/secrets", textOf(mapOf(entry)["target"]) ?? source);
  return uid === undefined ? undefined : { type: "secret", name: source, variable, uid, target };
}

/** The secret's own uid, else that of the service's user, else root. */
function readOwner(reading: Reading, grant: SecretGrant): string | undefined {
  const { name, service, source, entry } = grant;
  const written = textOf(mapOf(entry)["uid"]);
  const place = service.place("secrets");
  if (written === undefined) return ownerByUser(reading, grant);
  const uid = resolveText(reading, written, place, "secrets");
  if (uid === undefined || number.test(uid)) return uid;
  reading.problems.push({
    path: place,
    what: `the secret '${source}' of service '${name}' has a uid that is no number, got '${uid}'`,
    todo: "write the number that the user has in the image",
  });
  return undefined;
}

/** A user as files know one; the kernel takes more, but no image does. */
const number = /^(0|[1-9][0-9]{0,8})$/;

function ownerByUser(reading: Reading, { name, service, source }: SecretGrant): string {
  const written = textOf(service.fields["user"]);
  if (written === undefined) return "0";
  const user = resolveText({ ...reading, problems: [] }, written, service.place("user"), "user")?.replace(/:.*$/, "");
  if (user !== undefined && number.test(user)) return user;
  if (user !== "root") {
    const why = `its user '${written}' is no number that is known here`;
    reading.notes.push(
      `${name}: the secret '${source}' is root's, since ${why}; \`uid\` of the secret says whose it is`,
    );
  }
  return "0";
}

/** A file that a group or others may read would be no secret. */
function noteIgnored(reading: Reading, { name, source, entry }: SecretGrant): void {
  const { gid, mode } = mapOf(entry);
  const alone = mode === undefined || ["256", "400", "0400", "0o400"].includes(textOf(mode) ?? "");
  const ignored = [...(gid === undefined ? [] : ["gid"]), ...(alone ? [] : ["mode"])].join(" and ");
  if (ignored !== "")
    reading.notes.push(
      `${name}: of the secret '${source}', ${ignored} cannot be had; its file is 0400, for its uid alone`,
    );
}
