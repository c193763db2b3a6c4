import { RegistryFault } from "./fault.ts";
import type { RegistryRequest } from "./connection.ts";

/** Tells a host, with or without port, that is this machine itself. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]+)?$/.test(host);
}

/** Tells a host of this machine, or one that every network has for itself, such as a cloud's own data. */
function isOfThisMachine(host: string): boolean {
  const isLinkLocal = /^(?:169\.254(?:\.[0-9]{1,3}){2}|\[fe[89ab][0-9a-f]:[^\]]*\])(?::[0-9]+)?$/.test(host);
  const isUnspecified = /^(?:0(?:\.[0-9]{1,3}){3}|\[::\])(?::[0-9]+)?$/.test(host);
  const isMapped = /^\[::ffff:/.test(host);
  return isLoopback(host) || isLinkLocal || isUnspecified || isMapped;
}

/** Tells whether a server may lead on to another: only one of this machine may lead to this machine. */
export function mayLeadTo(from: string, to: string): boolean {
  return isLoopback(from) || !isOfThisMachine(to);
}

/** The request to which a redirect leads. The login goes to no other host, and nothing goes from TLS to plain text. */
export function mayFollow({ url, headers, limit }: RegistryRequest, location: string): RegistryRequest {
  const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  const isHttp = next?.protocol === "https:" || (next?.protocol === "http:" && url.protocol === "http:");
  if (next === undefined || !isHttp) {
    const what = `is not looked up: ${url.host} redirects to an address without TLS, or to none`;
    throw new RegistryFault(what, "ask who runs that registry");
  }
  if (!mayLeadTo(url.host, next.host)) {
    const what = `is redirected by ${url.host} to an address of this machine or its network alone`;
    throw new RegistryFault(what, "ask who runs that registry");
  }
  next.username = next.password = "";
  const open = Object.entries(headers).filter(([name]) => name !== "authorization");
  return { url: next, headers: next.origin === url.origin ? headers : Object.fromEntries(open), limit };
}
