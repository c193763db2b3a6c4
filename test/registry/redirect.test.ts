import { describe, expect, it } from "vitest";
import { isLoopback, mayFollow } from "../../registry/redirect.ts";

const request = {
  url: new URL("https://registry.test/v2/web/blobs/x"),
  headers: { accept: "a", authorization: "Bearer canary" },
  limit: 9,
};

describe("a redirect", () => {
  it.each([
    ["/v2/other", "https://registry.test/v2/other", true],
    ["https://registry.test:8443/x", "https://registry.test:8443/x", false],
    ["https://store.test/x?signature=y", "https://store.test/x?signature=y", false],
    ["//store.test/x", "https://store.test/x", false],
  ])("to %s has the login only on the same host", (location, url, hasLogin) => {
    const { headers, ...next } = mayFollow(request, location);
    expect(next).toEqual({ url: new URL(url), limit: 9 });
    expect(headers).toEqual(hasLogin ? request.headers : { accept: "a" });
  });

  it.each(["http://registry.test/x", "file:///etc/passwd", "data:,x", "https://"])("rejects %s", (location) => {
    expect(() => mayFollow(request, location)).toThrow(
      "is not looked up: registry.test redirects to an address without TLS, or to none",
    );
  });

  it.each([
    "localhost",
    "127.0.0.1:2375",
    "[::1]",
    "169.254.169.254",
    "0.0.0.0",
    "[fe80::1]",
    "[::ffff:7f00:1]",
    "2130706433",
  ])("rejects a way to %s, which is this machine or its network alone (SEC-D11)", (host) => {
    expect(() => mayFollow(request, `https://${host}/x`)).toThrow("to an address of this machine or its network alone");
  });

  it("rejects the loss of TLS, but not from a registry of this machine that has none", () => {
    const plain = { ...request, url: new URL("http://127.0.0.1:5000/v2/") };
    expect(mayFollow(plain, "http://127.0.0.1:5001/x").headers).toEqual({ accept: "a" });
  });
});

describe("this machine", () => {
  it.each(["localhost", "localhost:5000", "127.0.0.1:5000", "127.1.2.3", "[::1]:5000"])("is %s", (host) => {
    expect(isLoopback(host)).toBe(true);
  });
  it.each(["localhost.example.com", "127.0.0.1.nip.io", "10.0.0.1:5000", "[::2]", "xlocalhost"])(
    "is not %s",
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});
