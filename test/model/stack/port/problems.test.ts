import { describe, expect, it } from "vitest";
import type { ServicePort } from "../../../../model/compose/application.ts";
import { aaperture, deployment, migration, service } from "../aaperture.ts";
import { at, mapped, range, tcp, udp } from "../port.ts";
import { lines, notesOf, of, problemsOf, released } from "./published.ts";

const closing = "with none for each port that only this stack calls";

/** The same port, which the file publishes under its own number. */
function fixed(port: ServicePort): ServicePort {
  return { ...port, host: { ...port.host, ports: port.target } };
}

describe("problems of ports", () => {
  it("are none for aaperture", () => {
    expect(problemsOf(aaperture())).toEqual([]);
  });

  it("name a port that is neither published nor closed, with what to write", () => {
    expect(problemsOf(of([tcp(5432, { ports: { first: 5433, last: 5433 } })], undefined))).toEqual([
      "ports.dns: is missing, and the compose file publishes 5432; write 5433 for a port of the server, or none if " +
        "only this stack calls it",
    ]);
    expect(problemsOf(of([fixed(tcp(53)), fixed(udp(53))], undefined))).toEqual([
      `ports.dns: is missing, and the compose file publishes 53 and 53/udp; write { 53: 53, 53/udp: 53 }, ${closing}`,
    ]);
    expect(problemsOf(of([tcp(53), ...[udp(53), tcp(80)].map(fixed)], mapped({ 53: "0.0.0.0:53" })))).toEqual([
      "ports.dns: leaves out 53/udp and 80, which the compose file publishes; " +
        `write { 53: "0.0.0.0:53", 53/udp: 53, 80: "127.0.0.1:80" }, ${closing}, ` +
        "and 0.0.0.0 for 127.0.0.1 to open a port to others",
    ]);
  });

  it("advise another port than that of the server's SSH, and say why", () => {
    const ssh = tcp(2222, { ports: { first: 22, last: 22 } });
    expect(problemsOf(of([ssh], undefined))).toEqual([
      "ports.dns: is missing, and the compose file publishes 2222; write 2222 for a port of the server, since 22 is " +
        "taken there, or none if only this stack calls it",
    ]);
    expect(problemsOf(of([ssh, fixed(tcp(3000))], undefined))).toEqual([
      "ports.dns: is missing, and the compose file publishes 2222 and 3000; write { 2222: 2222, 3000: 3000 }, since " +
        `22 is taken there, ${closing}`,
    ]);
    expect(problemsOf(of([fixed(range(20, 25))], undefined))).toEqual([
      expect.stringContaining("write 2220-2225 for a port of the server, since 22 is taken there") as string,
    ]);
  });

  it("advise the compose file's own port where the server's SSH has another one", () => {
    const { hosts, ...asked } = of([fixed(tcp(22))], undefined);
    const main = hosts["main"];
    if (main === undefined) throw new Error("it has one server");
    const moved = { main: { ...main, connection: { ...main.connection, port: 2200 } } };
    expect(problemsOf({ ...asked, hosts: moved })).toEqual([
      "ports.dns: is missing, and the compose file publishes 22; write 22 for a port of the server, or none if only " +
        "this stack calls it",
    ]);
    expect(problemsOf({ ...of([fixed(udp(22))], undefined) })).toEqual([
      expect.stringContaining("publishes 22/udp; write 22 for a port") as string,
    ]);
  });

  it("advise none for a port that Docker would choose, which nobody outside can know", () => {
    expect(problemsOf(of([tcp(80)], undefined))).toEqual([
      "ports.dns: is missing, and the compose file publishes 80; write a port of the server, or none if only this " +
        "stack calls it",
    ]);
    expect(problemsOf(of([tcp(80), fixed(tcp(81))], undefined))).toEqual([
      "ports.dns: is missing, and the compose file publishes 80 and 81; write { 80: none, 81: 81 }, " + closing,
    ]);
  });

  it("reject one place for several ports (M14)", () => {
    expect(problemsOf(of([fixed(tcp(53)), fixed(udp(53))], at(5353)))).toEqual([
      "ports.dns: is the place of one port, and the compose file publishes 53 and 53/udp, got " +
        `'127.0.0.1:5353'; write { 53: "127.0.0.1:5353", 53/udp: 53 }, ${closing}`,
    ]);
    expect(problemsOf(of([], at(5353)))).toEqual([
      "ports.dns: is the place of one port, and the compose file publishes none for it, got '127.0.0.1:5353'; " +
        "say which port it is, such as { 8080: 18080 }",
    ]);
  });

  it.each([80, 443])("reject port %i of the server without an address, and with one accept it", (port) => {
    const web = [tcp(8080)];
    const advice = (path: string) =>
      `${path}: has no address, and ports 80 and 443 need one, got '${port}'; ` +
      `write "0.0.0.0:${port}" to open it to others, or "127.0.0.1:${port}" for the server itself alone`;
    expect(problemsOf(of(web, { only: [{ first: port, last: port, address: undefined }] }))).toEqual([
      advice("ports.dns"),
    ]);
    expect(problemsOf(of(web, mapped({ 8080: port })))).toEqual([advice("ports.dns.8080")]);
    for (const address of ["0.0.0.0", "127.0.0.1"]) {
      expect(problemsOf(of(web, mapped({ 8080: `${address}:${port}` })))).toEqual([]);
      expect(problemsOf(of([tcp(8080, { address })], mapped({ 8080: port })))).toEqual([]);
    }
  });

  it("reject ranges of another length", () => {
    expect(problemsOf(of([range(10, 12)], mapped({ "10-12": "20-21" })))).toEqual([
      "ports.dns.10-12: has 2 ports of the server for 3 ports of the container, got '20-21'; " +
        "write as many, such as 20-22",
    ]);
  });

  it("reject two ports for a variable that is both ends of one", () => {
    const same = [tcp(80, { variable: "API_PORT", sameVariable: true })];
    expect(problemsOf(of(same, mapped({ 80: 8081 })))).toEqual([
      "ports.dns.80: is 8081 on the server and 80 in the container, and the compose file has API_PORT for both; " +
        "write 8081: 8081",
    ]);
  });

  it("reject UDP of a release service that is published, and accept it where it is closed", () => {
    const ports = [tcp(80), udp(80)];
    expect(problemsOf(released(ports, mapped({ 80: 8080, "80/udp": 8080 })))).toEqual([
      "ports.api: publishes UDP, which has no connections, so a switch would cut off its users, got '80/udp'; " +
        "make it a shared service, without services.api.release: a new image then restarts it",
    ]);
    // Advice for port 80 would only lead here.
    expect(problemsOf(released(ports, mapped({ 80: 8080, "80/udp": 80 })))).toHaveLength(1);
    const closed = released(ports, mapped({ 80: 8080, "80/udp": "none" }));
    expect(problemsOf(closed)).toEqual([]);
    expect(notesOf(closed)).toContain("api: shared services cannot call 80/udp of it");
    // The advice to the letter.
    const shared = deployment(
      [service("api", { ports })],
      {},
      { ports: { api: mapped({ 80: 8080, "80/udp": 8080 }) } },
    );
    expect(problemsOf(shared)).toEqual([]);
    expect(lines(shared)).toEqual(["127.0.0.1:8080 api service 80", "127.0.0.1:8080/udp api service 80"]);
  });

  it("reject a release service on slipway's own port, and one with more ports than the proxy takes", () => {
    expect(problemsOf(of([tcp(8099)], at(8099)))).toEqual([]);
    expect(problemsOf(released([tcp(8099)], at(8099)))).toEqual([
      "compose.services.api.ports: is where slipway's proxy answers for itself, got '8099'; " +
        "let the service listen on another port",
    ]);
    const named = deployment([service("api")], { api: { release: true, port: 8099 } });
    expect(problemsOf(named)).toEqual([expect.stringMatching(/^services\.api\.port: is where/)]);
    expect(problemsOf(released([range(10000, 10500)], { only: "none" }))).toEqual([
      "ports.api: has more than the 500 ports that the proxy takes of a release service, got '501'; " +
        "make it a shared service, without services.api.release",
    ]);
  });

  it("are none for a migration, whose ports nobody can call, and the plan says so", () => {
    const asked = deployment(
      [service("api")],
      { api: { release: true, start: "with-release" } },
      { migrations: [migration({ ports: [tcp(80)] })] },
    );
    expect(problemsOf(asked)).toEqual([]);
    expect(notesOf(asked)).toEqual(["migrate: is not published, since the migration runs once and ends"]);
  });
});

describe("notes on ports", () => {
  it("name in one line everything that has the server's own address since nothing names one", () => {
    const services = [service("dns", { ports: [tcp(53), udp(53)] }), service("web", { ports: [tcp(80)] })];
    const ports = { dns: mapped({ 53: 53, "53/udp": 5353 }), web: mapped({ 80: 8080 }) };
    expect(notesOf(deployment(services, {}, { ports }))).toEqual([
      "published on 127.0.0.1, for the server itself alone, since neither ports nor the compose file names an " +
        "address: dns 53, dns 5353/udp, web 8080",
    ]);
  });

  it("name what the stack closes, and what it publishes at fewer places than the file", () => {
    const two = [tcp(80, { address: "10.0.0.1" }), tcp(80, { address: "10.0.0.2" }), tcp(81), udp(81)];
    expect(notesOf(of(two, mapped({ 80: "10.0.0.1:8080", 81: "none", "81/udp": "none" })))).toEqual([
      "dns: 81, 81/udp are not published, as ports.dns says",
      "dns: 80 is published at 10.0.0.1:8080 alone, and at 2 places by the compose file",
    ]);
    expect(notesOf(of([tcp(81)], { only: "none" }))).toEqual(["dns: 81 is not published, as ports.dns says"]);
  });

  it("say that the proxy publishes a release service", () => {
    expect(notesOf(released([tcp(80)], at(8080)))).toEqual(["api: is published by the proxy, not by itself"]);
  });
});
