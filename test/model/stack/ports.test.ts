import { describe, expect, it } from "vitest";
import { aaperture, deployment, service } from "./aaperture.ts";
import { at, mapped, range, tcp, udp } from "./port.ts";
import { lines, notesOf, of } from "./port/published.ts";

describe("ports", () => {
  it("of shared services belong to their containers, those of release services to the proxy (A6)", () => {
    expect(lines(aaperture())).toEqual([
      "127.0.0.1:13001 grafana service 3000",
      "127.0.0.1:15432 postgres service 5432",
      "127.0.0.1:18080 api proxy 9001",
      "127.0.0.1:18081 web proxy 9002",
      "127.0.0.1:19090 prometheus service 9090",
    ]);
  });

  it("of one service are several, of TCP and UDP, each by its port in the container", () => {
    const settings = { 53: "0.0.0.0:53", "53/udp": "0.0.0.0:53", 80: ["127.0.0.1:8001", "[::1]:8001"], 443: "none" };
    expect(lines(of([tcp(53), udp(53), tcp(80), tcp(443)], mapped(settings)))).toEqual([
      "0.0.0.0:53 dns service 53",
      "127.0.0.1:8001 dns service 80",
      "[::1]:8001 dns service 80",
      "0.0.0.0:53/udp dns service 53",
    ]);
  });

  it("are a range, as one, also where the file has it in parts", () => {
    const whole = [range(10000, 10100, udp(10000))];
    expect(lines(of(whole, mapped({ "10000-10100/udp": "20000-20100" })))).toEqual([
      "127.0.0.1:20000-20100/udp dns service 10000-10100",
    ]);
    const parts = [range(8000, 8001, tcp(0, { address: "10.0.0.1" })), range(8002, 8003)];
    expect(lines(of(parts, mapped({ "8000-8003": "9000-9003" })))).toEqual([
      "10.0.0.1:9000-9001 dns service 8000-8001",
      "127.0.0.1:9002-9003 dns service 8002-8003",
    ]);
  });

  it("have the address of the stack, else that of the file, else the server's own", () => {
    const own = (address?: string) => [tcp(80, { address })];
    expect(lines(of(own("10.0.0.1"), mapped({ 80: "0.0.0.0:8080" })))).toEqual(["0.0.0.0:8080 dns service 80"]);
    expect(lines(of(own("10.0.0.1"), { only: [{ first: 8080, last: 8080, address: undefined }] }))).toEqual([
      "10.0.0.1:8080 dns service 80",
    ]);
    expect(lines(of(own(), mapped({ 80: 8080 })))).toEqual(["127.0.0.1:8080 dns service 80"]);
  });

  it("have each address of the file, one by one where stack and file have as many places", () => {
    const two = [tcp(80, { address: "127.0.0.1" }), tcp(80, { address: "::1" })];
    expect(lines(of(two, mapped({ 80: 8001 })))).toEqual([
      "127.0.0.1:8001 dns service 80",
      "[::1]:8001 dns service 80",
    ]);
    expect(lines(of(two, mapped({ 80: [8001, 8002] })))).toEqual([
      "127.0.0.1:8001 dns service 80",
      "[::1]:8002 dns service 80",
    ]);
    expect(lines(of([tcp(80), tcp(80, { address: "127.0.0.1" })], mapped({ 80: 8001 })))).toEqual([
      "127.0.0.1:8001 dns service 80",
    ]);
  });

  it("are opened by the stack alone, at the port that it names or that the service exposes", () => {
    const open = deployment([service("dns")], { dns: { port: 80 } }, { ports: { dns: at(8080) } });
    expect(lines(open)).toEqual(["127.0.0.1:8080 dns service 80"]);
    expect(notesOf(open)).toEqual(["dns: 80 is published by ports.dns, not by the compose file"]);
    expect(lines(of([], at(8080), { exposed: [{ first: 90, last: 90 }] }))).toEqual(["127.0.0.1:8080 dns service 90"]);
  });
});
