import { isSecretName } from "./secret-name.ts";
import type { Service } from "../compose/application.ts";
import { mapOf, type Json } from "../json.ts";

/** Images that read `<NAME>_FILE`, or `GF_…__FILE`, and what is secret among their variables. */
const readsFiles: readonly { readonly image: RegExp; readonly variable: RegExp; readonly file: string }[] = [
  { image: /(^|\/)(postgres|postgis|timescaledb)(?=[:@]|$)/, variable: /^POSTGRES_PASSWORD$/, file: "_FILE" },
  { image: /(^|\/)(mysql|mariadb)(?=[:@]|$)/, variable: /^(MYSQL|MARIADB)_(ROOT_)?PASSWORD$/, file: "_FILE" },
  { image: /(^|\/)mongo(?=[:@]|$)/, variable: /^MONGO_INITDB_ROOT_PASSWORD$/, file: "_FILE" },
  { image: /(^|\/)minio(?=[:@]|$)/, variable: /^MINIO_ROOT_PASSWORD$/, file: "_FILE" },
  { image: /(^|\/)grafana(-oss|-enterprise)?(?=[:@]|$)/, variable: /^GF_.*(PASSWORD|SECRET|KEY)$/, file: "__FILE" },
];

/** Secrets that everybody who may inspect a container reads, where a file would do: those of images that take one, and values that are written down. */
export function readableSecrets({ image, fields }: Service): { readonly what: string; readonly todo: string }[] {
  const entries = Object.entries(mapOf(fields["environment"]));
  return entries.flatMap(([name, value]) => {
    if (isWritten(name, value)) {
      return [
        {
          what: `has a secret written down in its environment, got '${name}'`,
          todo: `write \${${name}} instead, and change the secret`,
        },
      ];
    }
    const known = readsFiles.find((one) => one.image.test(image ?? "") && one.variable.test(name));
    if (known === undefined || value === "") return [];
    return [
      {
        what: `gets a secret by its environment, got '${name}'`,
        todo: `mount a file and name it by ${name}${known.file}`,
      },
    ];
  });
}

/** A value without any `${…}`; that of a `…_FILE` is a path. */
function isWritten(name: string, value: Json): boolean {
  if (!isSecretName(name) || /_FILE$|_(PATH|URL|TTL|SECONDS|LENGTH)$/.test(name)) return false;
  return typeof value === "string" && value !== "" && !value.includes("${") && !/^(true|false|\d{1,5})$/i.test(value);
}
