import { isSecretName } from "./secret-name.ts";
import type { Service } from "../compose/application.ts";
import { mapOf, type Json } from "../json.ts";

/** Images that can read a secret from `<NAME>_FILE`, or `GF_…__FILE`, with the variables that hold secrets. */
const imagesWithFiles: readonly { readonly image: RegExp; readonly variable: RegExp; readonly file: string }[] = [
  { image: /(^|\/)(postgres|postgis|timescaledb)(?=[:@]|$)/, variable: /^POSTGRES_PASSWORD$/, file: "_FILE" },
  { image: /(^|\/)(mysql|mariadb)(?=[:@]|$)/, variable: /^(MYSQL|MARIADB)_(ROOT_)?PASSWORD$/, file: "_FILE" },
  { image: /(^|\/)mongo(?=[:@]|$)/, variable: /^MONGO_INITDB_ROOT_PASSWORD$/, file: "_FILE" },
  { image: /(^|\/)minio(?=[:@]|$)/, variable: /^MINIO_ROOT_PASSWORD$/, file: "_FILE" },
  { image: /(^|\/)grafana(-oss|-enterprise)?(?=[:@]|$)/, variable: /^GF_.*(PASSWORD|SECRET|KEY)$/, file: "__FILE" },
];

/**
 * Secrets that `docker inspect` shows without need: the environment of images that can read a file instead, and values
 * written in the compose file.
 */
export function readableSecrets({ image, fields }: Service): { readonly what: string; readonly todo: string }[] {
  const entries = Object.entries(mapOf(fields["environment"]));
  return entries.flatMap(([name, value]) => {
    if (isWrittenSecret(name, value)) {
      return [
        {
          what: `has a secret written down in its environment, got '${name}'`,
          todo: `write \${${name}} instead, and change the secret`,
        },
      ];
    }
    const match = imagesWithFiles.find((one) => one.image.test(image ?? "") && one.variable.test(name));
    if (match === undefined || value === "") return [];
    return [
      {
        what: `gets a secret by its environment, got '${name}'`,
        todo: `mount a file and name it by ${name}${match.file}`,
      },
    ];
  });
}

/** Tells a secret value without any `${…}`; the value of a `…_FILE` is a path. */
function isWrittenSecret(name: string, value: Json): boolean {
  if (!isSecretName(name) || /_FILE$|_(PATH|URL|TTL|SECONDS|LENGTH)$/.test(name)) return false;
  return typeof value === "string" && value !== "" && !value.includes("${") && !/^(true|false|\d{1,5})$/i.test(value);
}
