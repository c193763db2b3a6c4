import type { Service } from "../../model/compose/application.ts";
import { listOf, mapOf, textOf } from "../../model/json.ts";
import { healthPath } from "../schema/value.ts";

/** A request of HTTP to the service itself. */
interface HealthRequest {
  readonly port: number;
  readonly path: string;
}

const request = /http:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d{1,5}))?(\/[^\s"'`|;&<>()\\]*)?/;

/** The request that the health check of the compose file makes; undefined if it makes none, or one with variables. */
export function healthRequestOf({ fields }: Pick<Service, "fields">): HealthRequest | undefined {
  const { test, disable } = mapOf(fields["healthcheck"]);
  const words = listOf(test).map((word) => textOf(word) ?? "");
  const [found, port = "80", path = "/"] = request.exec(words.join(" ")) ?? [];
  if (found === undefined || disable === true || path.includes("$")) return undefined;
  return healthPath.safeParse(path).success ? { port: Number(port), path } : undefined;
}
