import { mapOf, textOf, type Json, type JsonMap } from "../json.ts";
import type { Service } from "./application.ts";

/** The limits without which the logs of a container could fill the disk. */
const limits = { "max-file": "3", "max-size": "10m" };

/** Docker's own driver, which keeps everything unless it is told not to. */
const unlimited = "json-file";

/** The logging of a service: what the compose file says, with limits where it sets none and the driver has none. */
export function loggingOf(fields: JsonMap): JsonMap {
  const { driver, options, ...others } = writtenIn(fields);
  if (textOf(driver) !== unlimited) return writtenIn(fields);
  return { ...others, driver, options: { ...limits, ...mapOf(options) } };
}

function writtenIn(fields: JsonMap): JsonMap & { readonly driver: Json } {
  const written = mapOf(fields["logging"]);
  return { ...written, driver: written["driver"] ?? unlimited };
}

/** The line of the plan about logs that Compose would not limit; none if there are no such logs. */
export function logNotes(services: readonly Service[]): string[] {
  const open = services
    .filter(({ fields }) => {
      const { driver, options } = writtenIn(fields);
      return textOf(driver) === unlimited && mapOf(options)["max-size"] === undefined;
    })
    .map(({ name }) => name);
  if (open.length === 0) return [];
  const what = `the logs of ${open.join(", ")} are kept in ${limits["max-file"]} files of ${limits["max-size"]}`;
  return [`${what}, since the compose file sets no limit`];
}
