import { isIP } from "node:net";
import { z } from "zod";
import type { HostPort } from "../../model/stack/deployment.ts";

/** `18080` or `"0.0.0.0:18080"`; only this server itself reaches a port unless an address says otherwise. */
export const hostPort = z.unknown().transform((value, context): HostPort => {
  const text = typeof value === "number" || typeof value === "string" ? String(value) : "";
  const [, bracketed, plain, port] = /^(?:(?:\[([^\]]+)\]|([^:]+)):)?([1-9]\d{0,4})$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? "127.0.0.1";
  if (Number(port) <= 65535 && isIP(address) === (bracketed === undefined ? 4 : 6))
    return { address, port: Number(port) };
  context.addIssue("is not a host port; write a port such as 18080, or an address and a port such as '0.0.0.0:18080'");
  return z.NEVER;
});
