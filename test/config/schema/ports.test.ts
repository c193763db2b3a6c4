import { describe, expect, it } from "vitest";
import { z } from "zod";
import { problemsOf } from "../../../config/problems.ts";
import { portSettings } from "../../../config/schema/ports.ts";
import { describeProblem } from "../../../model/problem.ts";

const schema = z.object({ ports: z.record(z.string(), portSettings) });

/** The problems of a configuration's ports. */
function messages(ports: unknown): string[] {
  const { error } = schema.safeParse({ ports });
  return error === undefined ? [] : problemsOf(error, { ports }, schema).map(describeProblem);
}

const place = "a port such as 18080, or an address and a port such as '0.0.0.0:18080'";
const containerPortForm = "write a number, with /udp for UDP, such as 80, 53/udp or 10000-10100/udp";
const map = "a map with one for each port of the container, such as { 80: 18080, 53/udp: 53 }";
const hostPortForm = `write ${place}, or none, or ${map}`;

describe("the ports of a configuration", () => {
  it("takes a host port with or without an address for the only port of a service, and none", () => {
    const { ports } = schema.parse({
      ports: { a: 18080, b: "18081", c: "0.0.0.0:80", d: "[0:0::1]:443", e: "1000-1010", f: "none" },
    });
    const only = (first: number, address?: string, last = first) => ({ only: [{ first, last, address }] });
    expect(ports).toEqual({
      ...{ a: only(18080), b: only(18081), c: only(80, "0.0.0.0"), d: only(443, "::1") },
      ...{ e: only(1000, undefined, 1010), f: { only: "none" } },
    });
  });

  it("takes a map of host ports by the port in the container, of TCP and UDP, with ranges, lists and none", () => {
    const web = { 80: 80, "53/udp": 53, 81: ["127.0.0.1:8001", "[::1]:8001"], "10-11/udp": "20-21", "90/tcp": "none" };
    const { ports } = schema.parse({ ports: { web } });
    const host = (first: number, address?: string, last = first) => ({ first, last, address });
    expect(ports).toEqual({
      web: {
        mapped: [
          { first: 80, last: 80, protocol: "tcp", at: [host(80)] },
          { first: 81, last: 81, protocol: "tcp", at: [host(8001, "127.0.0.1"), host(8001, "::1")] },
          { first: 53, last: 53, protocol: "udp", at: [host(53)] },
          { first: 10, last: 11, protocol: "udp", at: [host(20, undefined, 21)] },
          { first: 90, last: 90, protocol: "tcp", at: "none" },
        ],
      },
    });
  });

  it("rejects what is no port in a map of ports, each by its own key", () => {
    const web = { http: 80, "80/sctp": 80, 81: "x", 82: [80, 0], 83: [], "85-84": 1, 90: 1, "90/tcp": 2 };
    expect(messages({ web })).toEqual([
      `ports.web.81: is not a host port, got 'x'; write ${place}, a list of them, or none`,
      `ports.web.82: is not a host port, got [80,0]; write ${place}, a list of them, or none`,
      `ports.web.83: is not a host port, got []; write ${place}, a list of them, or none`,
      `ports.web.http: is not a port of a container, got 80; ${containerPortForm}`,
      `ports.web.80/sctp: is not a port of a container, got 80; ${containerPortForm}`,
      `ports.web.85-84: is not a port of a container, got 1; ${containerPortForm}`,
      "ports.web.90/tcp: names a port that another key names as well, got 2; write each port once",
    ]);
  });

  it.each<[string, unknown, string]>([
    ["a host port of 0", { api: 0 }, `ports.api: is not a host port, got 0; ${hostPortForm}`],
    [
      "a host port above 65535",
      { api: "127.0.0.1:70000" },
      `ports.api: is not a host port, got '127.0.0.1:70000'; ${hostPortForm}`,
    ],
    [
      "a host port with a wrong address",
      { api: "256.0.0.1:80" },
      `ports.api: is not a host port, got '256.0.0.1:80'; ${hostPortForm}`,
    ],
    [
      "host ports in a list, which does not say whose they are (M14)",
      { web: [80, 443] },
      `ports.web: is not a host port, got [80,443]; ${hostPortForm}`,
    ],
    [
      "a protocol with a host port (M14)",
      { web: "443/udp" },
      `ports.web: is not a host port, got '443/udp'; ${hostPortForm}`,
    ],
  ])("rejects %s", (_, ports, message) => {
    expect(messages(ports)).toEqual([message]);
  });
});
