import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { collide, readAddress, readServerPort, serverPortText, type ServerPort } from "../../model/server-port.ts";

function port(text: string): ServerPort {
  const read = readServerPort(text);
  if (read === undefined) throw new Error(`'${text}' is no port of a server`);
  return read;
}

describe("ports of a server", () => {
  test.each<[string, string, boolean]>([
    ["127.0.0.1:80", "127.0.0.1:80", true],
    ["127.0.0.1:80", "0.0.0.0:80", true],
    ["0.0.0.0:80", "10.0.0.1:80", true],
    ["10.0.0.1:80", "10.0.0.2:80", false],
    ["127.0.0.1:80", "127.0.0.1:81", false],
    ["127.0.0.1:80", "127.0.0.1:80/udp", false],
    ["0.0.0.0:53/udp", "10.0.0.1:53/udp", true],
    ["0.0.0.0:80", "[::]:80", false],
    ["[::]:80", "[2001:db8::1]:80", true],
    ["[::1]:80", "[::1]:80", true],
    ["127.0.0.1:8000-8010", "0.0.0.0:8010", true],
    ["127.0.0.1:8000-8010", "0.0.0.0:8011-8020", false],
  ])("%s and %s collide: %s", (one, other, expected) => {
    expect(collide(port(one), port(other))).toBe(expected);
    expect(collide(port(other), port(one))).toBe(expected);
  });

  it("have one text each, which is read back", () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => readAddress(text) ?? "");
    const range = fc.tuple(fc.integer({ min: 1, max: 65_535 }), fc.nat(100));
    const any = fc.record({ address, protocol: fc.constantFrom("tcp" as const, "udp" as const), range });
    fc.assert(
      fc.property(any, ({ range: [first, more], ...place }) => {
        const whole = { ...place, first, last: Math.min(65_535, first + more) };
        expect(readServerPort(serverPortText(whole))).toEqual(whole);
      }),
    );
  });

  it("have an address of IPv6 in its short form, however it is written", () => {
    expect(readAddress("[0:0:0:0:0:0:0:1]")).toBe("::1");
    expect(readAddress("2001:DB8:0:0::1")).toBe("2001:db8::1");
    expect(readAddress("127.0.0.1")).toBe("127.0.0.1");
  });

  test.each(["80", "localhost:80", "127.0.0.1:0", "127.0.0.1:70000", "127.0.0.1:9-8", "256.0.0.1:80", "[::1:80"])(
    "are not %s",
    (text) => {
      expect(readServerPort(text)).toBeUndefined();
    },
  );
});
